"""Change notes: apply edits, show what they change, write files so that nothing is lost."""
