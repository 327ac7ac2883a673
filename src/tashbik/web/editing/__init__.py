"""Editing of the register: by sections, with drafts, suggestions and comparison of what two people changed."""
