"""Says what is in a picture: colours, shapes, things, tags, attributes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird import paths
from bowerbird.errors import BowerbirdError, UsageError
from bowerbird.library.models import ModelChoice
from bowerbird.library.pictures import Pictures
from bowerbird.types import (
    Analysis,
    Asset,
    Attribute,
    Detection,
    Product,
    Progress,
    Similarity,
    Suggestion,
)

if TYPE_CHECKING:
    from bowerbird.actions.guesses import Guesser
    from bowerbird.actions.shown import ShownPicture
    from bowerbird.actions.tags import Tagger
    from bowerbird.types import Temperature, Vector

# Pictures that say how near the words of a vocabulary usually are.
_SAMPLE = 2000


class Analysing(Pictures, ModelChoice):
    """What can be said of a picture by looking at it."""

    def analyse(
        self, image: Path | str | bytes | Asset, *, colours: int = 5, turned: bool = False
    ) -> Analysis:
        """Look at one picture: its colours, quality, the shape of its subject, tags.

        Args:
            image: A path, an http(s) address, the bytes of a file, or an asset.
            colours: How many main colours, 1 to 10.
            turned: Whether turned and mirrored shapes count as the same.

        Raises:
            UsageError: The number of colours is none of these, or the vocabulary is damaged.
            BowerbirdError: The picture cannot be read.
        """
        from bowerbird.actions.analysis import analyse

        with self._shown(image) as (stream, name):
            tools = (self._encoder(), self._models.segmenter(), self._tagger())
            limit = self.settings.max_pixels
            return analyse(stream, name, *tools, colours=colours, turned=turned, max_pixels=limit)

    def temperature(self, asset: Asset) -> Temperature:
        """Return how the main colours of a picture feel together."""
        from bowerbird.actions.palette import temperature

        return temperature(asset.colours)

    def embed(self, image: Path | str | bytes | Asset) -> Vector:
        """Return the embedding of a picture by the model that serves, float32 [dim].

        Raises:
            BowerbirdError: It cannot be read.
        """
        from bowerbird.decode.decoder import load_pixels

        encoder = self._encoder()
        with self._shown(image) as (stream, name):
            limit = self.settings.max_pixels
            pixels = load_pixels(stream, name, encoder.spec, max_pixels=limit)
        vector: Vector = encoder.encode_images(pixels[None])[0]
        return vector

    def compare(
        self, one: Path | str | bytes | Asset, other: Path | str | bytes | Asset
    ) -> Similarity:
        """Return how much two pictures are alike.

        Raises:
            BowerbirdError: One of them cannot be read.
        """
        return self.compare_vectors(self.embed(one), self.embed(other))

    def compare_vectors(self, one: Vector, other: Vector) -> Similarity:
        """Return how much two embeddings of one model are alike, both [dim].

        Raises:
            UsageError: They are not of one model, or hold no direction.
        """
        from bowerbird.actions.compare import compare

        return compare(one, other)

    def detect(
        self,
        image: Path | str | bytes | Asset,
        least: float | None = None,
        *,
        model: str | None = None,
    ) -> tuple[Detection, ...]:
        """Return which everyday objects are where in a picture, surest first.

        Args:
            image: A path, an http(s) address, the bytes of a file, or an asset.
            least: Score (0..1) below which one is left out; None for what suits the detector.
            model: What looks for them; None for what the settings say.

        Raises:
            UsageError: The score is none.
            NotFoundError: There is no such model.
            ModelMissingError: It is not on this machine.
            BowerbirdError: The picture cannot be read, or the detector cannot be run.
        """
        from bowerbird.actions.detect import detect

        if least is not None and not 0 <= least <= 1:
            raise UsageError(f"A score lies between 0 and 1, and is not {least}.")
        if model is None:
            detector, _ = self._chosen(self._models.detector, None, self.settings.detector_model)
        else:
            detector = self._models.detector(model)
        with self._shown(image) as (stream, name):
            limit = self.settings.max_pixels
            return detect(stream, name, detector, least=least, max_pixels=limit)

    def part(self, image: Path | str | bytes | Asset, box: Sequence[int]) -> bytes:
        """Return a part of a picture as the bytes of a file, to search by it.

        Args:
            image: A path, an http(s) address, the bytes of a file, or an asset.
            box: Left, top, right and bottom in pixels, as `detect` gives them.

        Raises:
            UsageError: The box is none, or lies beyond the picture.
            BowerbirdError: The picture cannot be read.
        """
        from bowerbird.actions.part import cut_part

        with self._shown(image) as (stream, name):
            return cut_part(stream, name, box, self.settings.max_pixels)

    def shape(
        self, image: Path | str | bytes | Asset, *, turned: bool = False
    ) -> tuple[float, ...]:
        """Return the shape of a picture's subject, as `Query.shape` takes it.

        Args:
            image: A path, an http(s) address, the bytes of a file, or an asset.
            turned: Whether a search by it finds turned and mirrored shapes as well.

        Raises:
            UsageError: Nothing stands out in the picture, so that it has no shape.
            BowerbirdError: It cannot be read.
        """
        from bowerbird.actions.shaping import shapes_of_file

        segmenter, limit = self._models.segmenter(), self.settings.max_pixels
        with self._shown(image) as (stream, name):
            shapes = shapes_of_file(stream, name, segmenter, limit, turned=turned)
        if not shapes:
            raise UsageError("Nothing stands out in this picture, so that it has no shape.")
        return tuple(number for shape in shapes for number in shape.embedding.tolist())

    def find_shapes(self) -> Iterator[Progress]:
        """Look at the shapes of subjects that were not looked at, so that they can be found.

        A generator: the work is done while it is iterated, and what is done stays done.
        """
        from bowerbird.actions.shaping import find_shapes
        from bowerbird.indexing.meter import Meter

        kept = self._store.silhouettes()
        missing = kept.missing()
        meter = Meter("looking", len(missing))
        return find_shapes(
            missing, self._thumbnails().get, self._models.segmenter(), kept.put, meter
        )

    def suggest_tags(
        self, asset_ids: Sequence[int], least: float | None = None
    ) -> dict[int, tuple[Suggestion, ...]]:
        """Return tags that indexed pictures may have, the surest first.

        Args:
            asset_ids: Which; those without an embedding are left out, and those with nothing in
                them.
            least: Confidence (0..1) that is enough; None for what is right 8 times of 10.

        Raises:
            UsageError: The user's vocabulary cannot be read.
        """
        import numpy as np

        shown = [
            asset.id
            for asset in self.assets(asset_ids)
            if asset.quality is None or not asset.quality.is_blank
        ]
        wanted = np.array(shown, np.int64)
        ids, vectors = self._store.get_vectors(self._encoder().id, wanted)
        found = self._tagger().suggest(vectors, least) if len(ids) else []
        return dict(zip(ids.tolist(), found, strict=True))

    def _tagger(self) -> Tagger:
        """Return what suggests tags, made anew for another model or vocabulary."""
        from bowerbird.actions.tags import ENOUGH, Tagger, read_usual, read_vocabulary

        encoder = self._encoder()
        path = paths.config_file().with_name("vocabulary.toml")
        # Words of which nothing is known wait for enough pictures to compare them with.
        enough = self._store.embedded_count(encoder.id) >= ENOUGH
        key = (encoder.id, path.stat().st_mtime_ns if path.exists() else 0, enough)
        made = self._tags
        if made is None or made[0] != key:
            sample = self._store.sample_vectors(encoder.id, _SAMPLE)
            made = (key, Tagger(encoder, read_vocabulary(path), read_usual(), sample))
            self._tags = made
        return made[1]

    def attributes(
        self, title: str, description: str = "", picture: Path | str | bytes | None = None
    ) -> dict[str, Attribute]:
        """Return what a product is: category, material, pattern, colour, ...

        Words of its texts say it; of what they leave open the built-in model guesses a little from
        the picture, where one is given.

        Args:
            title: May be empty where there is a description or a picture.
            description: Of the same.
            picture: A path, an http(s) address, or the bytes of a file.

        Raises:
            UsageError: There is nothing to read, or far too much of it.
            BowerbirdError: The picture cannot be read.
        """
        found = self.attributes_of([Product(title, description, picture)])[0]
        if isinstance(found, BowerbirdError):
            raise found
        return found

    def attributes_of(
        self, products: Sequence[Product]
    ) -> list[dict[str, Attribute] | BowerbirdError]:
        """Return the same of many products at once; one that cannot be read spares the others.

        Raises:
            ModelError: The built-in model cannot be loaded or run.
        """
        from bowerbird.actions.products import embed, read_products

        def embedded(image: Path | str | bytes) -> Vector | None:
            with self._shown(image) as (stream, name):
                return embed(stream, name, self._models.encoder(), self.settings.max_pixels)

        return read_products(products, embedded, self._guesser)

    def _guesser(self) -> Guesser:
        """Return what guesses attributes; its phrases are embedded once."""
        from bowerbird.actions.attributes import shipped
        from bowerbird.actions.guesses import Guesser, other_words, read_measures

        # Guesses were measured with the built-in model, so it serves here whichever searches.
        if self._guesses is None:
            taxonomy = shipped()
            self._guesses = Guesser(
                self._models.encoder(), taxonomy, read_measures(), other_words(taxonomy)
            )
        return self._guesses

    def shown(self, data: bytes) -> ShownPicture:
        """Return what can be asked of a picture that is given as the bytes of its file."""
        from bowerbird.actions.shown import ShownPicture

        limit = self.settings.max_pixels
        # Shapes are compared with those that are kept, so that one network finds them all.
        found = (self._models.segmenter, lambda: self._cutter(None)[0])
        return ShownPicture(data, self._encoder(), *found, self._tagger, limit)
