"""OpenCV, imported so that it leaves the environment of this process as it was.

The wheels with windows, which other packages may bring, point every Qt program to plugins of their
own: programs that the window opens, or a window that is made later, would then not start.
"""

from __future__ import annotations

import os

_before = dict(os.environ)

import cv2 as cv2  # noqa: E402

for _name in [name for name in os.environ if name not in _before]:
    del os.environ[_name]
os.environ.update(_before)
