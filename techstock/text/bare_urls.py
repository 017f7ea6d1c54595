"""Bare URLs in running text."""

URL_REST = r"[^\s<>\u3000、。]+"
"""A pattern for what follows `://`: Japanese goes on behind a URL without a space."""
