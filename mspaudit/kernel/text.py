"""Text that people type or that their machines name, made safe to store and to show."""

import unicodedata

# Marks that turn the reading direction: « facture\u202egpj.exe » must not read as a picture.
_TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str, longest: int) -> str:
    """`text` without control characters (line breaks excepted), trimmed, `longest` characters at most."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in kept if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co"))
    return kept.strip()[:longest].rstrip()


def one_line(text: str, longest: int) -> str:
    """The same on one line, and without the marks that turn the reading direction: for names and labels."""
    kept = "".join(c for c in plain(text, len(text)) if c not in _TURNING)
    return " ".join(kept.split())[:longest].rstrip()
