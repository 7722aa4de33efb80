"""Workbooks: the one module that knows openpyxl."""

from __future__ import annotations

from coopledger.xlsx.writing import as_bytes
from coopledger.xlsx.writing import write

__all__ = ["as_bytes", "write"]
