"""Changes of notes: choose edits, apply them, check their effect, write them or format them as a patch."""
