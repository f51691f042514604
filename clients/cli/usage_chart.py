"""Usage of a year by month as a chart: an SVG that opens anywhere and asks no network."""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pygal
from pygal.style import Style

from clients.cli.usage_tables import CELLS

if TYPE_CHECKING:
    from clients.sdk.usage import Usage

# pygal hooks itself into every later import of the process, for maps of its own that are not used
# here, by a protocol that Python has given up: each such import would warn.
sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != "pygal"]

EXPECTED_A_YEAR: Final = 1_300_000
"""The city's own figure of the year before."""
_EXPECTED_A_MONTH: Final = round(EXPECTED_A_YEAR / 12)
_LINES: Final = 25
"""Of text beside the bars; two numbers nearer than that would be written over each other."""
_SERIES: Final = 9
"""More would not be told apart by colour; the smallest are one."""
_FONTS: Final = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
# Okabe and Ito's, told apart also by those who see few colours; a grey for the rest.
_COLOURS: Final = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#5d3a9b",
    "#1b9e9e", "#8c8c8c",
)  # fmt: skip


def draw(found: "Usage", by: Sequence[str], year: int) -> bytes:
    """Bars by month, stacked by dimensions, and what a twelfth of the city's figure is.

    Args:
        found: by month and those dimensions.
        by: names of the dimensions, as `partner`.
        year: of all rows.
    """
    sums: dict[str, Counter[int]] = {}
    for row in found.rows:
        name = " · ".join(CELLS[each](row) or "–" for each in by)
        sums.setdefault(name, Counter())[row.day.month] += row.count
    if not sums:
        sums["无 none"] = Counter()
    total = sum(series.total() for series in sums.values())
    whose = f" {found.whose} " if found.whose else ""
    chart = pygal.StackedBar(
        style=Style(
            font_family=_FONTS,
            colors=_COLOURS,
            background="white",
            plot_background="white",
            label_font_size=13,
            legend_font_size=13,
            major_label_font_size=13,
            title_font_size=18,
            opacity="1",
            guide_stroke_color="#d0d0d0",
            guide_stroke_dasharray="1,3",
            major_guide_stroke_color="#b00020",
            major_guide_stroke_dasharray="8,4",
        ),
        title=f"{year} 年{whose}执照核验 checks: {total:,}"
        f"（虚线 dashed: {EXPECTED_A_YEAR:,}/年 a year）",
        js=[],  # pygal would load a script for tooltips from its own host
        disable_xml_declaration=False,
        legend_at_bottom=True,
        legend_at_bottom_columns=2,  # what partners are called is long
        width=1000,
        height=560,
        value_formatter=lambda value: f"{value:,.0f}",
        margin=24,
    )
    highest = max(sum(series[month] for series in sums.values()) for month in range(1, 13))
    steps = _steps(max(highest, _EXPECTED_A_MONTH))
    chart.range = (0, steps[-1])
    chart.y_labels = [
        *(
            {"value": step, "label": f"{step:,}"}
            for step in steps
            if abs(step - _EXPECTED_A_MONTH) > steps[-1] / _LINES
        ),
        {"value": _EXPECTED_A_MONTH, "label": f"{_EXPECTED_A_MONTH:,}"},
    ]
    chart.y_labels_major = [_EXPECTED_A_MONTH]
    chart.x_labels = [f"{month} 月" for month in range(1, 13)]
    for name, series in _largest(sums):
        chart.add(name, [series[month] for month in range(1, 13)])
    return bytes(chart.render())


def _steps(highest: int) -> list[int]:
    """Round numbers from 0 to one that is not below the highest; four to eight of them."""
    size = 1
    while size * 10 <= highest:
        size *= 10
    step = next(part for part in (size // 5, size // 2, size, 2 * size) if part * 7 >= highest)
    return [step * number for number in range(-(-highest // step) + 1)]


def _largest(sums: dict[str, Counter[int]]) -> list[tuple[str, Counter[int]]]:
    """The largest series first; those beyond what colours tell apart are one."""
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    shown, rest = ordered[:_SERIES], ordered[_SERIES:]
    if rest:
        others: Counter[int] = Counter()
        for _, series in rest:
            others.update(series)
        shown.append((f"其他 others ({len(rest)})", others))
    return shown
