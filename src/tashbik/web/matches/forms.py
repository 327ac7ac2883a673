"""The forms of the matches' pages: answers to questions, an officer's decision. Not their being taken (verbs.matching)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tashbik.errors import InvalidError
from tashbik.exchange.models import Question
from tashbik.exchange.verbs.matching import LONGEST_ANSWER, LONGEST_REASON, Answer
from tashbik.web.matches.showing import claim_word, outcome_word


class AnswerForm(forms.Form):
    """For each question that is not settled: met, not met or neither, and words."""

    def __init__(self, questions: Sequence[Question], data: QueryDict | None, *, language: str) -> None:
        super().__init__(data)
        self.questions = questions
        self._language = language
        for one in self.unsettled():
            self.fields[f"claim-{one.pk}"] = forms.ChoiceField(
                label=one.asked.get(language, ""),
                choices=[("pass", _("yes, we meet it")), ("fail", _("no, we do not meet it")), ("", _("neither"))],
                widget=forms.RadioSelect(attrs={"class": "row"}),
                required=False,
                initial=one.claim,
            )
            self.fields[f"words-{one.pk}"] = forms.CharField(
                label=_("In your words: numbers, dates, conditions"),
                widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_ANSWER, "dir": "auto"}),
                required=False,
                initial=one.answer,
            )

    def unsettled(self) -> list[Question]:
        """Questions that may still be answered."""
        return [one for one in self.questions if one.status != Question.Status.SETTLED]

    def groups(self) -> list[dict[str, Any]]:
        """The fields of each question, for the page."""
        return [
            {
                "question": one,
                "claim": self[f"claim-{one.pk}"],
                "words": self[f"words-{one.pk}"],
            }
            for one in self.unsettled()
        ]

    def settled(self) -> list[dict[str, Any]]:
        """Questions that were settled, with what was answered and made of it."""
        return [
            {
                "question": one,
                "text": one.asked.get(self._language, ""),
                "claim": claim_word(one.claim),
                "verdict": outcome_word(one.verdict),
            }
            for one in self.questions
            if one.status == Question.Status.SETTLED
        ]

    def answers(self) -> dict[int, Answer]:
        """What was answered now: what stands as it was saved before is left out."""
        given = {
            one: Answer(self.cleaned_data[f"claim-{one.pk}"], self.cleaned_data[f"words-{one.pk}"])
            for one in self.unsettled()
        }
        return {one.pk: said for one, said in given.items() if (said.claim, said.words) != (one.claim, one.answer)}

    def take(self, error: InvalidError) -> None:
        """Show what the verb refuses at its question."""
        for number, texts in error.fields.items():
            for text in texts:
                self.add_error(f"words-{number}" if f"words-{number}" in self.fields else None, text)


class OverrideForm(forms.Form):
    """A decision with its reason."""

    decision = forms.ChoiceField(label=gettext_lazy("Your decision"), widget=forms.RadioSelect(attrs={"class": "row"}))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Shown with your name to all who see the matches of this need."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON, "dir": "auto"}),
    )

    def __init__(self, data: QueryDict | None, *, of_requirement: bool, initial: dict[str, str]) -> None:
        super().__init__(data, initial={"decision": initial.get("decision", "")})
        if of_requirement:
            choices = [("pass", outcome_word("pass")), ("fail", outcome_word("fail"))]
        else:
            choices = [("keep", _("keep it in the list")), ("drop", _("leave it out of the list"))]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]

    def take(self, error: InvalidError) -> None:
        """Show what the verb refuses at its field."""
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)
