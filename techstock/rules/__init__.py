"""One file per rule: its name, law, examples and check. `techstock.catalog` finds them by their file names."""
