"""Facts cached between runs. The files may be lost, damaged or deleted at any time; only speed depends on them."""

from techstock.cache.folder import Folder
from techstock.cache.index import Entry
from techstock.cache.key import code_key
from techstock.cache.stamp import Stamp, stamp_of
from techstock.cache.store import Store

__all__ = ["Entry", "Folder", "Stamp", "Store", "code_key", "stamp_of"]
