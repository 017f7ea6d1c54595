"""Merging of duplicate entries: takes texts and returns edits; reads and writes no files."""
