"""File stamps: a file is not read again if its stamp equals that of an earlier run and is older than that run."""

import os
from stat import S_ISREG

FileStamp = tuple[int, int, int, int]
"""Size in bytes, times of the last change of content and of status in nanoseconds, inode."""

SETTLE_TIME = 2_000_000_000
"""Nanoseconds: the clocks of some file systems tick as slowly, so a younger file may change and keep its stamp."""

_INODE_MASK = (1 << 63) - 1  # some systems have longer ones

NO_STAMP: FileStamp = (-1, 0, 0, 0)


def make_stamp(status: os.stat_result | None) -> FileStamp:
    """Return the stamp of a file; `NO_STAMP` for anything but a regular file, and if there is no status."""
    if status is None or not S_ISREG(status.st_mode):
        return NO_STAMP
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _INODE_MASK


def is_settled(known: FileStamp, since: int) -> bool:
    """Return whether a file with that stamp cannot have changed unnoticed since it was read (`since`, nanoseconds)."""
    return known[0] >= 0 and max(known[1], known[2]) < since - SETTLE_TIME
