"""The strokes that correct one cut-out, with a way back and forth."""

from __future__ import annotations

from bowerbird.types import Stroke

Strokes = tuple[Stroke, ...]


class Corrections:
    """States that follow each other; a new one forgets those that were taken back."""

    def __init__(self) -> None:
        self._states: list[Strokes] = [()]
        self._at = 0
        self._saved: Strokes = ()

    @property
    def strokes(self) -> Strokes:
        """Those that hold."""
        return self._states[self._at]

    @property
    def can_undo(self) -> bool:
        """Whether there is a state before."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether a state was taken back."""
        return self._at + 1 < len(self._states)

    @property
    def unsaved(self) -> bool:
        """Whether there is something to lose."""
        return self.strokes != self._saved

    def add(self, stroke: Stroke) -> None:
        """Draw one more."""
        self._go_on((*self.strokes, stroke))

    def reset(self) -> None:
        """Begin anew; this can be taken back as well."""
        if self.strokes:
            self._go_on(())

    def undo(self) -> None:
        """Go to the state before."""
        self._at = max(0, self._at - 1)

    def redo(self) -> None:
        """Go to the state that was taken back last."""
        self._at = min(len(self._states) - 1, self._at + 1)

    def note_saved(self, strokes: Strokes) -> None:
        """Remember what lies in a file."""
        self._saved = strokes

    def _go_on(self, strokes: Strokes) -> None:
        self._states[self._at + 1 :] = [strokes]
        self._at += 1
