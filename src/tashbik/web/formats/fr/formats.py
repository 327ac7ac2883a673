"""Formats of this language that differ from Django's own: dates in forms are ISO 8601, as the browser's date fields send them."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
