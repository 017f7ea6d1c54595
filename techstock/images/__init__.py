"""Validation of images by their bytes, whatever their source."""
