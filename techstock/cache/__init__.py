"""Facts cached between runs. The files may be lost, damaged or deleted at any time; only speed depends on them."""

from techstock.cache.index import CachedNote
from techstock.cache.key import compute_code_key, make_stamp
from techstock.cache.store import NoteStore
from techstock.storage.cache_directory import CacheDirectory

__all__ = ["CacheDirectory", "CachedNote", "NoteStore", "compute_code_key", "make_stamp"]
