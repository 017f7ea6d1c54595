"""Whether an image is one: by its bytes, wherever they come from."""
