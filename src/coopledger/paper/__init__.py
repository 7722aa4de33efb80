"""Members' statements as pages for screen and printer."""

from __future__ import annotations

from coopledger.paper.filing import FORMS
from coopledger.paper.filing import HTML
from coopledger.paper.filing import PDF
from coopledger.paper.issuing import write_all
from coopledger.paper.issuing import write_one
from coopledger.services.telling import Wishes

__all__ = ["FORMS", "HTML", "PDF", "Wishes", "write_all", "write_one"]
