"""Brings every mode that Pillow knows to 8-bit sRGB: depth, colour profiles, transparency."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms, ImageOps

WHITE = (255, 255, 255)
GREY = (128, 128, 128)
# Mean brightness of the visible part above which white paper would make it vanish.
PALE = 232.0

_SHRINKABLE = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
_PLAIN = {"1": "L", "PA": "RGBA", "RGBX": "RGB", "RGBa": "RGBA", "La": "LA", "YCbCr": "RGB"}


def to_eight_bits(image: Image.Image) -> Image.Image:
    """Return `image` in a mode of 8 bits a channel that can be scaled; colours are not touched."""
    mode = image.mode
    if mode.startswith("I") or mode == "F":
        scaled = Image.fromarray(_scaled(np.asarray(image), mode, _bits(image)))
        return ImageOps.invert(scaled) if _tag(image, 262) == 0 else scaled  # white is zero
    if mode == "P" or (mode in ("L", "RGB", "1") and "transparency" in image.info):
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if mode in _SHRINKABLE:
        return image
    return image.convert(_PLAIN.get(mode, "RGB")) if mode != "LAB" else _from_lab(image)


def _bits(image: Image.Image) -> int:
    """Bits of a sample: TIFFs of 10, 12 and 14 come in 16 without being scaled."""
    told = _tag(image, 258)
    bits = told[0] if isinstance(told, tuple) and told else told
    return bits if isinstance(bits, int) and 8 < bits < 16 else 16


def _tag(image: Image.Image, number: int) -> object:
    return getattr(image, "tag_v2", {}).get(number)


def _scaled(
    values: np.ndarray[tuple[int, ...], np.dtype[np.generic]], mode: str, bits: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Scale samples to 0..255: by their type's range where that is known, else by their own."""
    if mode.startswith("I;16"):
        return (values.astype(np.uint16) >> (bits - 8)).clip(0, 255).astype(np.uint8)
    samples = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(samples.min()), float(samples.max())
    if mode == "I" and low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0
    elif mode == "F" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif mode == "F" and low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    span = (high - low) or 1.0
    return np.round((samples - low) / span * 255).clip(0, 255).astype(np.uint8)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return an 8-bit `image` as RGB in sRGB, on paper where it is transparent.

    Args:
        image: As `to_eight_bits` gives it, best shrunk already.
        profile: The file's ICC profile; one that is broken or does not fit is ignored.
    """
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    flat = image if alpha is None else image.convert(image.mode[:-1])
    transform = _transform(profile, flat.mode) if profile else None
    rgb = flat.convert("RGB") if transform is None else ImageCms.applyTransform(flat, transform)
    if rgb is None:  # only when asked to work in place
        rgb = flat.convert("RGB")
    return rgb if alpha is None else _on_paper(rgb, alpha)


def _on_paper(rgb: Image.Image, alpha: Image.Image) -> Image.Image:
    """Lay a transparent picture on white, as a page would show it.

    What is itself white (logos and icons made for dark pages) would vanish there, so it is laid
    on a middle grey.
    """
    cover = np.asarray(alpha, dtype=np.float32)
    visible = float(cover.sum())
    if visible >= 255.0 * cover.size:
        return rgb
    bright = float((np.asarray(rgb.convert("L"), dtype=np.float32) * cover).sum())
    pale = visible > 0 and bright / visible > PALE
    return Image.composite(rgb, Image.new("RGB", rgb.size, GREY if pale else WHITE), alpha)


@lru_cache(maxsize=32)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if mode == "RGB" and "sRGB" in (source.profile.profile_description or ""):
            return None
        return ImageCms.buildTransform(source, _srgb(), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.createProfile("sRGB")  # type: ignore[return-value]  # buildTransform takes it


def _from_lab(image: Image.Image) -> Image.Image:
    lab = ImageCms.createProfile("LAB")
    transform = ImageCms.buildTransform(lab, _srgb(), "LAB", "RGB")
    return ImageCms.applyTransform(image, transform) or image
