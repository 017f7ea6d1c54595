"""What is written twice: entries compared by their words. Pure functions of the corpus."""
