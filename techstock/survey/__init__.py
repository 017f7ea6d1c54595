"""Surveys of all notes: an index of their terms, undefined terms, and the conventions that the notes follow."""
