"""Every window, and the only room that knows Qt.

Layer 5. Imports library and layers 0-1.
"""
