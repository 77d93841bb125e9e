"""The writing side: scan, changes, decode, embed, store.

Layer 3. Imports sources, decode, engines, store and what is below them.
"""
