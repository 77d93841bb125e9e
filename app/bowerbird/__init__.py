"""Bowerbird finds any picture you have by describing it, showing something similar, or both."""

__version__ = "0.1.0"
