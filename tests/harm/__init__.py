"""No write does harm: every fix and every merge, judged by a second renderer, GitHub's own.

`TECHSTOCK_COLLECTIONS=… python -m tests.harm [COLLECTION…]` prints figures; `--generated 2000` adds random corpora.
"""
