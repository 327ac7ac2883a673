"""Further scenes of the demonstration, a module for each area, loaded in the order of their names: `load(exchange)` in each.

Everything in them is fictitious and says so. They are for the demonstration alone (demonstration.py).
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tashbik.exchange.models import Exchange


def load_scenes(exchange: Exchange) -> None:
    """Load every scene into the demonstration's first exchange."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}").load(exchange)
