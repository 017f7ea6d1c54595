"""Change notes: choose edits, apply them, check what they do, write them or print them as a patch."""
