"""Imports every module that registers job handlers or verbs, so that a worker knows them all. Nothing else."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tashbik.exchange import verbs

for _module in iter_modules(verbs.__path__):
    import_module(f"{verbs.__name__}.{_module.name}")
