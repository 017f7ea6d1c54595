"""Files on disk that are replaced atomically, and the cache directory. Nothing here knows what the files mean."""
