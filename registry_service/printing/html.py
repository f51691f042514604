"""A print as one HTML page: a sheet of paper for each, in exact millimetres, nothing fetched."""

from typing import Final
from xml.etree import ElementTree as Xml

from registry_service.printing.drawing import Print
from registry_service.printing.svg import element

MEDIA_TYPE: Final = "text/html; charset=utf-8"
_STYLE: Final = """
@page { size: %(width)gmm %(height)gmm; margin: 0 }
html, body { margin: 0; padding: 0; background: #fff }
.sheet { width: %(width)gmm; height: %(height)gmm; overflow: hidden; break-after: page;
         break-inside: avoid }
.sheet:last-child { break-after: auto }
.sheet svg { display: block }
@media screen {
  body { background: #d8d5ce }
  .sheet { margin: 8mm auto; box-shadow: 0 1mm 4mm rgba(0, 0, 0, .35) }
}
@media print { * { -webkit-print-color-adjust: exact; print-color-adjust: exact } }
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def html(printed: Print) -> bytes:
    """The page. A browser prints it on the paper that it names, without margins of its own."""
    paper = printed.sheets[0].paper
    root = Xml.Element("html", {"lang": "zh-CN"})
    head = Xml.SubElement(root, "head")
    Xml.SubElement(head, "meta", {"charset": "utf-8"})
    Xml.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    Xml.SubElement(head, "title").text = printed.title
    style = _STYLE % {"width": paper.width, "height": paper.height}
    Xml.SubElement(head, "style").text = style
    body = Xml.SubElement(root, "body")
    for sheet in printed.sheets:
        Xml.SubElement(body, "section", {"class": "sheet"}).append(element(sheet))
    return b"<!doctype html>\n" + bytes(Xml.tostring(root, encoding="utf-8", method="html"))
