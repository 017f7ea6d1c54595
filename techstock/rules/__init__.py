"""One file per rule: its name, law, examples and check. `techstock.registry` finds them by their file names."""
