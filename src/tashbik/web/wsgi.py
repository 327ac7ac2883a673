"""What a WSGI server runs. Each process loads the index and the encoder at its start, beside the first requests, rather than at the first question."""

import logging
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tashbik.web.settings")
application = get_wsgi_application()


def _warm_up() -> None:
    from tashbik.exchange.index import register_index

    try:
        register_index().enterprises_like("industrie", 1)
    except Exception:
        logging.getLogger("tashbik").exception("the index could not be loaded at the start")


threading.Thread(target=_warm_up, daemon=True).start()
