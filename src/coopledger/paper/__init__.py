"""Members' statements as pages for screen and printer."""

from __future__ import annotations

from coopledger.paper.composing import Wishes
from coopledger.paper.filing import FORMS
from coopledger.paper.filing import HTML
from coopledger.paper.filing import PDF
from coopledger.paper.issuing import write_all
from coopledger.paper.issuing import write_one

__all__ = ["FORMS", "HTML", "PDF", "Wishes", "write_all", "write_one"]
