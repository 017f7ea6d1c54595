"""BLAKE2b, imported without `hashlib`, which also loads OpenSSL and so adds 3 ms to every start."""

try:
    from _blake2 import blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b

__all__ = ["blake2b"]
