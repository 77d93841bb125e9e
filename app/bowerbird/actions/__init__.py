"""What can be done to an image: one module an action, pure functions.

Layer 3. Imports decode, engines, store and what is below them.
"""
