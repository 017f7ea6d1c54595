"""Detection of duplicates: comparison of entries by their words. Pure functions of the corpus."""
