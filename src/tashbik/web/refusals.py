"""The exchange's refusals shown where the reader can mend them: in the form that was sent. Not whole pages (middleware.py)."""

from __future__ import annotations

from django import forms

from tashbik.errors import ExchangeError, InvalidError


def show(form: forms.BaseForm, error: ExchangeError) -> None:
    """Put the messages of a refusal on the form's fields; what has no field of its own stands above them."""
    if not isinstance(error, InvalidError):
        form.add_error(None, f"{error.message} {error.mend}".strip())
        return
    for field, texts in error.fields.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, str(text))
