"""Merge the copies of one thing: texts in, edits out. Reads no disk, and writes nothing."""
