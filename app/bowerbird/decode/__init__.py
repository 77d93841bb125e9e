"""Turns bytes into pixels, thumbnail, hashes, colours and EXIF facts in one decode.

Layer 2; all of Pillow lives here. Imports settings, types and errors.
"""
