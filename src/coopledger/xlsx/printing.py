"""How a sheet is printed: as wide as the page, with heads and feet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from coopledger.xlsx import wording

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.description import Workbook

#: Up to so many rows can be read on one page.
_ONE_PAGE = 45


def lay_out(target: Worksheet, workbook: Workbook, sheet: Sheet) -> None:
    """Set how one sheet of a workbook is printed."""
    setup = target.page_setup
    setup.orientation = "portrait" if sheet.is_one_page else "landscape"
    target.page_setup.fitToWidth = 1
    # Charts are not cut in two, nor is what only just does not fit a page; other
    # tables go on as long as they are.
    is_short = max((table.last for table in sheet.tables), default=0) <= _ONE_PAGE
    is_whole = bool(sheet.charts) or is_short or sheet.is_one_page
    target.page_setup.fitToHeight = 1 if is_whole else 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_margins = PageMargins(
        left=0.4, right=0.4, top=0.9, bottom=0.8, header=0.4, footer=0.4
    )
    if len(sheet.tables) == 1:
        header = sheet.tables[0].row
        target.print_title_rows = f"{header}:{header}"
    head, foot = HeaderFooterItem(), HeaderFooterItem()
    head.left.text = wording.in_header(workbook.title)
    head.center.text = wording.in_header(sheet.name)
    head.right.text = wording.in_header(f"{workbook.period}, {workbook.warning}")
    foot.left.text = "coopledger"
    foot.center.text = wording.in_header(workbook.paging).format(page="&P", pages="&N")
    target.oddHeader, target.oddFooter = head, foot
