"""Did you mean …? The nearest of the words that would have been right."""

from collections.abc import Iterable
from difflib import get_close_matches

from app.catalogue.errors import quoted


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` most likely stands for, or `None` where none is near."""
    by_folded = {_folded(candidate): candidate for candidate in known}
    matches = get_close_matches(_folded(word), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A half sentence to put behind a complaint: the nearest known word, else all of them while they are few."""
    candidates = list(known)
    if match := nearest(word, candidates):
        return f"; did you mean {quoted(match)}?"
    if 0 < len(candidates) <= _FEW:
        return f"; known: {', '.join(candidates)}"
    return ""


_FEW = 20


def _folded(word: str) -> str:
    return word.casefold().replace("_", "-")
