"""Unicode forms of names."""


def composed(text: str) -> str:
    """`text` in NFC: macOS and zip archives spell `が` as two characters, keyboards as one."""
    if text.isascii():
        return text
    from unicodedata import normalize  # late: most names do not need it

    return normalize("NFC", text)
