"""Real editors, driven from outside, with the recipes of docs/editors.md. Run by `-m editors`."""
