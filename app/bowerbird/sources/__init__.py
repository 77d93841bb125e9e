"""Lists and opens the bytes of a collection where they lie.

Layer 2; all of boto3 and watchdog lives here. Imports settings, paths, types and errors.
"""
