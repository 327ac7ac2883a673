"""The Django application `web`: templates, static files, template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the pages, and the verbs and job handlers that they call."""

    name = "tashbik.web"
    label = "web"

    def ready(self) -> None:
        """Import the verbs, so that all job handlers are registered."""
        from tashbik.exchange import handlers  # noqa: F401
