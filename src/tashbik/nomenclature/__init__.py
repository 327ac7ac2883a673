"""The trilingual vocabulary: its tables, recognition of its terms, grades and places."""
