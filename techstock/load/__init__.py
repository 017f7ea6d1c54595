"""From paths to a corpus: facts come from the cache, or notes are read and parsed, in several processes if it pays."""
