"""Targets of images and links: their meaning, the file they lead to, and checks of both. Reads no disk."""
