"""Facts cached between runs. The files may be lost, damaged or deleted at any time; only speed depends on them."""

from techstock.cache.folder import CacheDirectory
from techstock.cache.index import CachedNote
from techstock.cache.key import compute_code_key
from techstock.cache.stamp import FileStamp, make_stamp
from techstock.cache.store import NoteStore

__all__ = ["CacheDirectory", "CachedNote", "FileStamp", "NoteStore", "compute_code_key", "make_stamp"]
