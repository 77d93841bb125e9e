"""The reading side: query, filter, rank, group.

Layer 3. Imports decode, engines, store and what is below them.
"""
