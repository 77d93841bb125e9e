"""What is known of pictures, in the words of people."""

from __future__ import annotations

from collections.abc import Sequence

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.types import Asset, Quality, Similarity, Temperature


def titled(asset: Asset) -> str:
    """Return the name of a picture, of a frame with its time."""
    return f"{asset.name} · {asset.timecode}" if asset.timecode else asset.name


def facts(asset: Asset) -> list[tuple[str, str]]:
    """Return what is known of a picture, as pairs of what and how it is."""
    exif = asset.exif
    found = []
    if asset.width and asset.height:
        sides = f"{asset.width} \N{MULTIPLICATION SIGN} {asset.height}"
        millions = asset.width * asset.height / 1e6
        more = f" ({messages.decimal(millions, 1)} MP)" if millions >= 0.1 else ""
        found.append((tr("Pixels"), sides + more))
    if asset.timecode:
        found.append((tr("Time"), asset.timecode))
    found.append(
        (
            tr("File"),
            " · ".join(filter(None, [(asset.format or "").upper(), messages.size(asset.size)])),
        )
    )
    if exif.taken is not None:
        found.append((tr("Taken"), messages.moment(exif.taken)))
    found.append((tr("Changed"), messages.moment(asset.modified.astimezone())))
    if asset.quality is not None:
        found.append((tr("Quality"), _parts_of(asset.quality)))
    if exif.camera:
        found.append((tr("Camera"), exif.camera))
    if exif.latitude is not None and exif.longitude is not None:
        place = f"{messages.decimal(exif.latitude, 5)}, {messages.decimal(exif.longitude, 5)}"
        found.append((tr("Place"), place))
    if asset.copies:
        found.append((tr("Copies"), tr("%n elsewhere", "copies", asset.copies)))
    if asset.reason:
        found.append((tr("Trouble"), asset.reason))
    return found


def _parts_of(quality: Quality) -> str:
    parts = tr("sharpness {sharpness}, brightness {brightness}, composition {composition}").format(
        sharpness=f"{quality.sharpness:.0%}",
        brightness=f"{quality.brightness:.0%}",
        composition=f"{quality.composition:.0%}",
    )
    return f"{quality.overall:.0%} ({parts})"


def likeness(found: Similarity) -> tuple[str, str]:
    """Return how much two pictures are alike, as what and how it is."""
    words = {
        "high": tr("very much"),
        "medium": tr("much"),
        "low": tr("a little"),
        "none": tr("hardly"),
    }
    return tr("Alike"), f"{words[found.level]} ({messages.decimal(found.score, 2)})"


def mood(temperature: Temperature) -> tuple[str, str]:
    """Return how the colours of a picture feel together, as what and how it is."""
    words = {"warm": tr("warm"), "cool": tr("cool"), "neutral": tr("neutral")}
    return tr("Mood"), words[temperature]


def sums(assets: Sequence[Asset], count: int) -> list[tuple[str, str]]:
    """Return what is known of several pictures together."""
    if not assets or len(assets) < count:
        return []
    # Frames of a video share its file.
    files = {(asset.collection_id, asset.file_key): asset.size for asset in assets}
    return [(tr("File"), messages.size(sum(files.values())))]
