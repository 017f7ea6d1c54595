"""Repositories whose authors mean harm: what they hold reaches nothing that obeys it."""
