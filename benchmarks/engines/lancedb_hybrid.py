"""LanceDB's hybrid search: its full-text and vector indexes fused by its reciprocal-rank reranker. Not its cloud."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched
from typing import Any
