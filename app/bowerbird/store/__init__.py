"""Keeps what Bowerbird knows: SQLite as the truth, thumbnails on disk, usearch as a cache.

Layer 2; all of sqlite3 and usearch lives here. Imports settings, paths, types and errors.
"""
