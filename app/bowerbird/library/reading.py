"""Reads the text in pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bowerbird.library.pictures import Pictures
from bowerbird.types import Asset, Filter, Progress, Reading


class TextReading(Pictures):
    """The text in pictures."""

    def read(self, image: Path | str | bytes | Asset) -> Reading:
        """Return the text in a picture; what it says is not kept, see `read_all`.

        Args:
            image: A path, an http(s) address, the bytes of a file, or an asset.

        Raises:
            ModelMissingError: What reads text is not installed; the message says how it is.
            BowerbirdError: The picture cannot be read.
        """
        from bowerbird.actions.reading import read_text

        reader = self._models.reader()
        with self._shown(image) as (stream, name):
            return read_text(stream, name, reader, max_pixels=self.settings.max_pixels)

    def read_all(
        self, wanted: Filter | None = None, *, ids: Sequence[int] | None = None, again: bool = False
    ) -> Iterator[Progress]:
        """Read the text in pictures that nobody read yet, so that searches find them by it.

        A generator: the work is done while it is iterated, and what is done stays done.

        Args:
            wanted: Only in these.
            ids: Only in these of them; None for all.
            again: Also where it was read before, or could not be.

        Raises:
            ModelMissingError: What reads text is not installed; the message says how it is.
            FilterError: The filter names what does not exist, or compares what cannot be.
        """
        import numpy as np

        from bowerbird.actions.reading import read_all
        from bowerbird.indexing.meter import Meter

        reader, kept = self._models.reader(), self._store.readings()
        eligible = self._store.eligible(wanted)
        if ids is not None:
            eligible = eligible[np.isin(eligible, np.array(ids, np.int64))]
        waiting = kept.unread(eligible, again=again)
        meter, most = Meter("reading", len(waiting)), self.settings.max_pixels
        yield from read_all(
            waiting, self.assets, self._lent, reader, kept.put, meter, max_pixels=most
        )

    def reading(self, asset: Asset) -> Reading | None:
        """Return the text that was read in an indexed picture; None where nobody looked yet."""
        return None if asset.md5 is None else self._store.readings().get(asset.md5)
