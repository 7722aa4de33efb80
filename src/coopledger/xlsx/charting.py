"""Native charts: stacked columns over the rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.chart import BarChart
from openpyxl.chart import Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.utils import get_column_letter

from coopledger.services.exporting.drafting import CHART_ROWS
from coopledger.xlsx import wording

if TYPE_CHECKING:
    from openpyxl.chart.series import Series as NativeSeries
    from openpyxl.worksheet.worksheet import Worksheet

    from coopledger.services.exporting.description import Chart
    from coopledger.services.exporting.description import Series
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.description import Table

#: Centimetres of a row, and how wide a chart is.
_ROW, _WIDTH = 0.53, 24

_GREY = "D9D9D9"


def add_chart(target: Worksheet, sheet: Sheet, chart: Chart) -> None:
    """Put a chart where it belongs.

    Args:
        target: The sheet in the file.
        sheet: The same as data.
        chart: The chart.
    """
    table = sheet.table(chart.table)
    native = BarChart()
    native.type = "bar" if chart.is_lying else "col"
    native.grouping, native.overlap, native.gapWidth = "stacked", 100, 40
    native.x_axis.scaling.orientation = "maxMin" if chart.is_lying else "minMax"
    native.title = wording.plain(chart.title)
    native.width, native.height = _WIDTH, CHART_ROWS * _ROW
    for series in chart.series:
        native.series.append(_series(target, table, series))
    native.set_categories(_rows(target, table, chart.label))
    native.x_axis.delete = native.y_axis.delete = False
    native.x_axis.tickLblPos = "low"
    native.y_axis.number_format = "#,##0"
    native.y_axis.majorGridlines = ChartLines(spPr=_filled(_GREY, line=True))
    # A chart that lifts its figures says by its title and colours what they are.
    if all(series.colour for series in chart.series):
        native.legend.position = "b"
    else:
        native.legend = None
    target.add_chart(native, f"{get_column_letter(chart.column)}{chart.row}")


def _series(target: Worksheet, table: Table, series: Series) -> NativeSeries:
    number = _number(table, series.key)
    native: NativeSeries = SeriesFactory(
        Reference(target, number, table.row, number, table.last), title_from_data=True
    )
    if series.colour:
        native.graphicalProperties = _filled(series.colour)
    else:
        native.graphicalProperties = GraphicalProperties(noFill=True)
        native.graphicalProperties.line.noFill = True
    native.invertIfNegative = False
    return native


def _filled(colour: str, *, line: bool = False) -> GraphicalProperties:
    made = GraphicalProperties() if line else GraphicalProperties(solidFill=colour)
    made.line.solidFill = colour
    return made


def _rows(target: Worksheet, table: Table, key: str) -> Reference:
    number = _number(table, key)
    return Reference(target, number, table.first, number, table.last)


def _number(table: Table, key: str) -> int:
    return [column.key for column in table.columns].index(key) + 1
