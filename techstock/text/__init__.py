"""Pure helpers on text: scripts, characters, widths. No notes, no rules."""
