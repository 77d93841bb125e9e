"""Reads the attributes of many products: from words first, then from what is near to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bowerbird.actions.attributes import read_attributes, shipped
from bowerbird.actions.guesses import Asked, parts
from bowerbird.decode.decoder import fit, open_picture
from bowerbird.decode.quality import judge
from bowerbird.errors import BowerbirdError
from bowerbird.types import Attribute, Product

if TYPE_CHECKING:
    from bowerbird.actions.guesses import Guesser
    from bowerbird.engines.encoder import Encoder
    from bowerbird.types import Vector

# What is found of one product, or why nothing could be.
Found = dict[str, Attribute] | BowerbirdError


def embed(stream: BinaryIO, name: str, encoder: Encoder, max_pixels: int) -> Vector | None:
    """Return the embedding of a picture, float32 [dim]; None where there is nothing in it.

    Raises:
        DecodeError: It is not a picture that can be read.
        ModelError: The encoder cannot be loaded or run.
    """
    image = open_picture(stream, name, encoder.spec.size, max_pixels).image
    if judge(image).is_blank:
        return None
    vector: Vector = encoder.encode_images(fit(image, encoder.spec)[None])[0]
    return vector


def read_products(
    products: Sequence[Product],
    embedded: Callable[[Path | str | bytes], Vector | None],
    guesser: Callable[[], Guesser],
) -> list[Found]:
    """Return attributes of products, in the order of the taxonomy; words come before guesses.

    Args:
        products: What is known of each.
        embedded: Gives a picture's embedding, None where nothing can be known by it; what it raises
            is that product's result.
        guesser: Asked for once, where there is something to guess from.

    Raises:
        ModelError: The guesser's model cannot be loaded or run.
    """
    found: list[Found] = []
    asked: dict[int, Asked] = {}
    for place, product in enumerate(products):
        try:
            words, question = _read(product, embedded)
        except BowerbirdError as error:
            found.append(error)
            continue
        found.append(words)
        if question.parts or question.picture is not None:
            asked[place] = question
    if not asked:
        return found
    guesses = guesser().guess(list(asked.values()))
    for place, guessed in zip(asked, guesses, strict=True):
        said = found[place]
        if isinstance(said, dict):
            both = {**guessed, **said}
            found[place] = {name: both[name] for name in shipped() if name in both}
    return found


def _read(
    product: Product, embedded: Callable[[Path | str | bytes], Vector | None]
) -> tuple[dict[str, Attribute], Asked]:
    """Return what words say of a product, and what is left to guess from."""
    words: dict[str, Attribute] = {}
    texts = (product.title, product.description)
    if product.picture is None or any(text.strip() for text in texts):
        words = read_attributes(*texts)
    picture = None if product.picture is None else embedded(product.picture)
    return words, Asked(parts(texts, shipped()), picture, frozenset(words))
