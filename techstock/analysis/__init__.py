"""Pure functions on notes: entries, numbering, suppressions. Nothing here reads a disk or knows a rule."""
