"""Real notes as a gate: `TECHSTOCK_COLLECTIONS=… python -m tests.corpora [COLLECTION…]`.

Copies each collection that the folder holds, lints the copy and fixes it, and holds what comes of it against
`tests/expected/golden.txt` (problems by rule) and `tests/expected/corpora.txt` (notes, what fixing does, time, memory).
What is different is printed as Markdown, for a comment or the page of a workflow run. `--against PYTHON` names the
Python of an environment with another techstock, that of the branch that a change goes into: then it is shown which
problems came and which went. Read them, and announce the counts with `--write`.

Exit codes: 0, all counts are those announced, or there are no collections; 1, some are not, or a run did what none may
(failed, changed a file that is no note, changed something in a second run of the fixes); 2, wrong use. Time and
memory never fail: they are shown where they leave their bounds. Time is CPU time, as a multiple of what markdown-it-py
takes to find the blocks of the same notes, measured in turn with it.

A collection is a folder or a `.tar.gz` in `corpus/`, or a note beside that whose name is in lower case. What is printed
has texts of the notes, unless `--places` is given: only that may be shown where strangers read.
"""
