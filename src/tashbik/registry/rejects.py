"""Rows that could not be taken: where, what, why and what to do, in three languages. Not errors of a whole file (errors.py)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

REASONS: dict[str, dict[str, str]] = {
    "no-id": {
        "ar": "لا معرّف للمؤسسة ولا اسم: عبّئوا أحدهما.",
        "fr": "Ni identifiant ni nom d'entreprise : renseignez l'un des deux.",
        "en": "Neither an id nor a name of the enterprise: fill in one of them.",
    },
    "no-text": {
        "ar": "الاحتياج بلا نص: اكتبوا ما تطلبونه.",
        "fr": "Le besoin n'a pas de texte : écrivez ce que vous demandez.",
        "en": "The need has no text: write what is asked for.",
    },
    "not-a-number": {
        "ar": "القيمة ليست عددًا: اكتبوا أرقامًا فقط.",
        "fr": "Ce n'est pas un nombre : n'écrivez que des chiffres.",
        "en": "Not a number: write digits only.",
    },
    "not-a-date": {
        "ar": "القيمة ليست تاريخًا: اكتبوه على هذا النحو: 2026-09-30.",
        "fr": "Ce n'est pas une date : écrivez-la ainsi : 2026-09-30.",
        "en": "Not a date: write it like 2026-09-30.",
    },
    "not-a-quantity": {
        "ar": "القيمة ليست كمية مع وحدتها: اكتبوها على هذا النحو: 500 كغ/شهر.",
        "fr": "Ce n'est pas une quantité avec son unité : écrivez par exemple : 500 kg/mois.",
        "en": "Not a quantity with its unit: write for example 500 kg/month.",
    },
    "out-of-range": {
        "ar": "القيمة خارج الحدود المعقولة: راجعوها.",
        "fr": "Valeur hors des limites plausibles : vérifiez-la.",
        "en": "A value outside the plausible range: check it.",
    },
    "too-many-cells": {
        "ar": "عدد خلايا السطر أكبر من عدد عناوين الأعمدة: راجعوا الفواصل وعلامات الاقتباس.",
        "fr": "La ligne a plus de cellules que l'en-tête : vérifiez les séparateurs et les guillemets.",
        "en": "The row has more cells than the header: check separators and quotes.",
    },
    "cell-too-large": {
        "ar": "نص الخلية أطول من الحد المسموح به (100,000 حرف): اختصروه.",
        "fr": "Cellule trop longue (plus de 100 000 caractères) : raccourcissez-la.",
        "en": "A cell is longer than 100,000 characters: shorten it.",
    },
    "formula": {
        "ar": "في الخلية صيغة حسابية: ضعوا قيمتها بدل الصيغة.",
        "fr": "La cellule contient une formule : collez sa valeur à la place.",
        "en": "The cell holds a formula: paste its value instead.",
    },
    "nul": {
        "ar": "في السطر رموز تحكم غير مسموح بها: احذفوها.",
        "fr": "La ligne contient des caractères de contrôle interdits : supprimez-les.",
        "en": "The row holds forbidden control characters: remove them.",
    },
    "bad-encoding": {
        "ar": "في السطر حروف لا يمكن قراءتها بترميز الملف: احفظوا الملف بترميز UTF-8.",
        "fr": "Caractères illisibles dans l'encodage du fichier : enregistrez-le en UTF-8.",
        "en": "Characters that cannot be read in the file's encoding: save it as UTF-8.",
    },
    "unknown-columns": {
        "ar": "لا يُعرف أي حقل من حقول هذا السطر: سمّوا الحقول كما في `tashbik fields`.",
        "fr": "Aucun champ de cette ligne n'est connu : nommez-les comme dans `tashbik fields`.",
        "en": "None of the fields of this row is known: name them as in `tashbik fields`.",
    },
    "unknown-language": {
        "ar": "لغة غير معروفة: اكتبوا اسمها بالعربية أو الفرنسية أو الإنجليزية، أو رمزها: ar، fr، en.",
        "fr": "Langue inconnue : écrivez son nom en arabe, en français ou en anglais, ou son code : ar, fr, en.",
        "en": "An unknown language: write its name in Arabic, French or English, or its code: ar, fr, en.",
    },
    "bad-json": {
        "ar": "سطر JSON غير صحيح: صححوا بنيته.",
        "fr": "Ligne JSON invalide : corrigez sa structure.",
        "en": "An invalid JSON line: mend its structure.",
    },
}
"""Reason code → what is wrong and what to do, by language."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken. `row` counts from 1 with the header as row 1, as a spreadsheet shows it."""

    file: str
    row: int
    field: str
    value: str
    reason: str

    def message(self, language: str) -> str:
        """What is wrong and what to do."""
        return REASONS[self.reason][language]

    def as_row(self, language: str) -> dict[str, str]:
        """The reject as a flat row, for a file of rejects."""
        return {key: str(value) for key, value in asdict(self).items()} | {"message": self.message(language)}


class RowError(ValueError):
    """Raised while a row becomes a record; carries what a Reject needs."""

    def __init__(self, field: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.value = value[:200]
        self.reason = reason
