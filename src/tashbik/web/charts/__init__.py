"""Drawings of the pages as SVG, made by our own code: no tiles, no scripts, no fetched shapes."""
