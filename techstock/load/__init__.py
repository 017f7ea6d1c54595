"""From paths to a corpus: cached facts are taken, the other notes are read and parsed, in several processes where that pays."""
