"""Pages of one area; see urls.py for what there is."""
