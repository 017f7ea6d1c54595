"""Coverage-guided fuzzing of whatever takes bytes from strangers: `python -m tests.fuzz TARGET [option of libFuzzer…]`.

Needs `pip install atheris`, which only some systems have. What it finds, made small, goes to a file in
`tests/regressions/TARGET/`, and is replayed in every run of the tests.
"""
