"""How the sign-in library is bound to the exchange: where one comes out after signing in, which language e-mails have. Not its pages."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The library's own behaviour, with the reader's language kept on the account."""

    def save_user(self, request: HttpRequest, user: object, form: object, commit: bool = True) -> object:
        """Keep the language that the page was read in with the new account."""
        user.language = request.LANGUAGE_CODE  # type: ignore[attr-defined]
        return super().save_user(request, user, form, commit)
