"""The Django application `exchange`. Nothing is opened or read when it loads."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers the models under the label `exchange`."""

    name = "tashbik.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
