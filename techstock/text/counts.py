"""Numbers of things, in words."""


def counted(number: int, one: str, many: str = "") -> str:
    """`1 note`, `1,500 notes`; `many` is the plural where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
