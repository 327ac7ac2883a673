"""Django's settings for the tests: the application's own, on a database and folder that are thrown away."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("TASHBIK_SECRET_KEY", "for-tests-only-" + "0" * 50)
os.environ["TASHBIK_DATA"] = tempfile.mkdtemp(prefix="tashbik-tests-")
atexit.register(shutil.rmtree, os.environ["TASHBIK_DATA"], ignore_errors=True)
os.environ.setdefault("TASHBIK_HTTPS", "0")
os.environ.setdefault("TASHBIK_HOSTS", "testserver,localhost,127.0.0.1")

from tashbik.web.settings import *  # noqa: E402, F403

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
