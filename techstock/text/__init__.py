"""Pure helpers for text: scripts, character names, widths, escaping. They know nothing of notes or rules."""
