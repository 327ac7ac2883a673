"""Tashbik: an open exchange for industrial linkage in Arabic, French and English."""

__version__ = "0.1.0"
