"""A print in the form that was asked for."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from registry_service.printing import html, pdf, svg
from registry_service.printing.drawing import Paper, Print
from registry_service.printing.fonts import FontSet


class Form(Enum):
    """Which kind of file."""

    HTML = html.MEDIA_TYPE
    SVG = svg.MEDIA_TYPE
    PDF = pdf.MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Files:
    """What was drawn."""

    contents: tuple[bytes, ...] = field(repr=False)
    """A file for each sheet as SVG, else one with every sheet."""
    form: Form
    sheets: int
    paper: Paper


def as_svg(printed: Print) -> Files:
    """A file for each sheet."""
    count = len(printed.sheets)
    contents = tuple(svg.svg(sheet, printed.title) for sheet in printed.sheets)
    return Files(contents, Form.SVG, count, printed.sheets[0].paper)


def as_html(printed: Print) -> Files:
    """One page that prints as many sheets as there are."""
    contents = (html.html(printed),)
    return Files(contents, Form.HTML, len(printed.sheets), printed.sheets[0].paper)


def as_pdf(printed: Print, fonts: FontSet, at: datetime) -> Files:
    """One file; raises what `pdf` raises."""
    contents = (pdf.pdf(printed, fonts, at),)
    return Files(contents, Form.PDF, len(printed.sheets), printed.sheets[0].paper)
