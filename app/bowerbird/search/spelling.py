"""Guesses what a misspelt description was meant to say."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 200  # characters; what is longer was hardly typed, and would take its time
SHORTEST = 4  # letters: with fewer, every word is a slip away from another
LONG = 6  # letters from which on a word may hold two slips
GUESSES = 3
NEAR = 8  # words that are looked at to find so many


def respelt(text: str, known: Sequence[str]) -> list[str]:
    """Return what a text may have been meant to say, the likeliest first; nothing without a slip.

    A word that is not known is replaced by one that is: by one from which it differs by one letter
    too many, too few or wrong, or by two in the wrong order; by two such slips in longer words
    (optimal string alignment).

    Args:
        text: A description.
        known: Words in small letters, the most frequent first, which wins among equals.
    """
    if len(text) > LONGEST:
        return []
    parts = re.split(r"([^\W\d_]+)", text.lower())
    meant = [_near(part, known) if len(part) >= SHORTEST else [] for part in parts]
    if not any(meant):
        return []
    guesses = (
        "".join(
            words[min(rank, len(words) - 1)] if words else part
            for part, words in zip(parts, meant, strict=True)
        )
        for rank in range(GUESSES)
    )
    return list(dict.fromkeys(guesses))


def _near(word: str, known: Sequence[str]) -> list[str]:
    """Return known words that one may have been meant to be; none for a known one."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 2 if len(word) >= LONG else 1
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=NEAR)
    if not found or found[0][1] == 0:
        return []
    # One slip is likelier than two, however frequent the word.
    words = [near for near, distance, _ in found if distance == found[0][1]]
    # A model knows stems as well ("umbrell"), which nobody means.
    return [one for one in words if not any(o != one and o.startswith(one) for o in words)]
