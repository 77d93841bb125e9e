"""Small pictures in many formats, made anew for the tests."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

SIZE = (48, 32)
# The picture's quarters, so that turns and mirrors can be told apart.
CORNERS = ((220, 30, 30), (30, 180, 40), (30, 60, 220), (235, 220, 30))


def quarters(size: tuple[int, int] = SIZE) -> Image.Image:
    """Red and green above, blue and yellow below."""
    width, height = size
    pixels = np.empty((height, width, 3), np.uint8)
    half_w, half_h = width // 2, height // 2
    pixels[:half_h, :half_w], pixels[:half_h, half_w:] = CORNERS[:2]
    pixels[half_h:, :half_w], pixels[half_h:, half_w:] = CORNERS[2:]
    return Image.fromarray(pixels)


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    """The bytes of a file."""
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def samples() -> dict[str, bytes]:
    """One file of every format that can be made here, by its extension."""
    import pillow_heif
    import pillow_jxl  # noqa: F401  # registers itself

    pillow_heif.register_heif_opener()
    image = quarters()
    return {
        ".jpg": encoded(image, "JPEG", quality=95, subsampling=0),
        ".png": encoded(image, "PNG"),
        ".webp": encoded(image, "WEBP", lossless=True),
        ".gif": encoded(image, "GIF"),
        ".tif": encoded(image, "TIFF"),
        ".bmp": encoded(image, "BMP"),
        ".ico": encoded(image.resize((32, 32)), "ICO", sizes=[(32, 32)]),
        ".ppm": encoded(image, "PPM"),
        ".jp2": encoded(image, "JPEG2000"),
        ".avif": encoded(image, "AVIF", quality=90),
        ".heic": encoded(image, "HEIF", quality=95),
        ".jxl": encoded(image, "JXL", lossless=True),
        ".psd": psd(image),
        ".svg": SVG.encode(),
        ".pdf": encoded(image, "PDF"),
    }


SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="48" height="32" viewBox="0 0 48 32">
<rect width="24" height="16" fill="#dc1e1e"/><rect x="24" width="24" height="16" fill="#1eb428"/>
<rect y="16" width="24" height="16" fill="#1e3cdc"/>
<rect x="24" y="16" width="24" height="16" fill="#ebdc1e"/>
</svg>"""


def psd(image: Image.Image) -> bytes:
    """A flat Photoshop document: header, three empty sections, raw planes."""
    width, height = image.size
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, height, width, 8, 3)
    planes = b"".join(channel.tobytes() for channel in image.split())
    return header + struct.pack(">III", 0, 0, 0) + struct.pack(">H", 0) + planes


def dng(image: Image.Image, turn: int = 1) -> bytes:
    """A camera's raw file: a mosaic of red, green, green, blue without a preview."""
    width, height = image.size
    rgb = (np.asarray(image, np.float64) / 255) ** 2.2 * 65535
    mosaic = np.empty((height, width), "<u2")
    for row, column, channel in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        mosaic[row::2, column::2] = rgb[row::2, column::2, channel]
    one, none = struct.pack("<ii", 1, 1), struct.pack("<ii", 0, 1)
    matrix = b"".join(one if n % 4 == 0 else none for n in range(9))
    short, long, text, rational, signed, byte = 3, 4, 2, 5, 10, 1
    fields = [
        (254, long, struct.pack("<I", 0)),
        (256, long, struct.pack("<I", width)),
        (257, long, struct.pack("<I", height)),
        (258, short, struct.pack("<H", 16)),
        (259, short, struct.pack("<H", 1)),
        (262, short, struct.pack("<H", 32803)),
        (271, text, b"Test\0"),
        (272, text, b"Mosaic\0"),
        (273, long, struct.pack("<I", 8)),
        (274, short, struct.pack("<H", turn)),
        (277, short, struct.pack("<H", 1)),
        (278, long, struct.pack("<I", height)),
        (279, long, struct.pack("<I", mosaic.nbytes)),
        (33421, short, struct.pack("<HH", 2, 2)),
        (33422, byte, bytes((0, 1, 1, 2))),
        (50706, byte, bytes((1, 4, 0, 0))),
        (50708, text, b"Test Mosaic\0"),
        (50717, long, struct.pack("<I", 65535)),
        (50721, signed, matrix),
        (50728, rational, one * 3),
        (50778, short, struct.pack("<H", 21)),
    ]
    widths = {byte: 1, text: 1, short: 2, long: 4, rational: 8, signed: 8}
    at = 8 + mosaic.nbytes
    rest_at = at + 2 + 12 * len(fields) + 4
    table, rest = struct.pack("<H", len(fields)), b""
    for tag, kind, value in fields:
        held = value.ljust(4, b"\0")
        if len(value) > 4:
            held = struct.pack("<I", rest_at + len(rest))
            rest += value + b"\0" * (len(value) % 2)
        table += struct.pack("<HHI", tag, kind, len(value) // widths[kind]) + held
    return struct.pack("<2sHI", b"II", 42, at) + mosaic.tobytes() + table + bytes(4) + rest


def png_header_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and has nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")
