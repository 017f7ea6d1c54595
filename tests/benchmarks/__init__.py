"""Measurements, run by hand: no test, no limit on time."""
