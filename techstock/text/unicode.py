"""Unicode normalization of file names and paths."""


def normalize_nfc(text: str) -> str:
    """Return `text` in NFC: macOS and zip archives spell `が` with two characters, keyboards with one."""
    if text.isascii():
        return text
    from unicodedata import normalize  # late: most names do not need it

    return normalize("NFC", text)
