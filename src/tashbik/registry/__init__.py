"""Enterprises and needs as records: readers, understanding, journal, export."""
