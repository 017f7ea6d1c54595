"""Spellings of terms: which are the same term, and which of them the notes prefer."""
