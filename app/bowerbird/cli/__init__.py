"""The terminal: a module a command, holding argument parsing and printing alone.

Layer 5. Imports library and layers 0-1.
"""
