"""Tashbik: an open exchange for industrial linkage in Arabic, French and English."""

import os

# Matrix products here are small: with two BLAS threads they wait for each other, and under load collapse (DESIGN,
# findings). It must be said before NumPy is first imported; whoever sets the variable, or imports NumPy first, decides.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
