"""Digests of bytes: BLAKE2b as `hashlib` has it, which loads OpenSSL as well, and that takes 3 ms of each start."""

try:
    from _blake2 import blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b

__all__ = ["blake2b"]
