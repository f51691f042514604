"""A sheet as SVG in millimetres. Built as a tree, so no text can become markup."""

import base64
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as Xml

from registry_service.printing.drawing import (
    Box,
    Item,
    Picture,
    Sheet,
    Strokes,
    Symbol,
    Text,
)

MEDIA_TYPE: Final = "image/svg+xml"
FAMILIES: Final = (
    "'Noto Serif CJK SC','Source Han Serif SC','Noto Serif SC','Songti SC',STSong,SimSun,serif"
)
"""Fonts of the reader's machine, the first that is there; layout relies on none of them."""
_SPACE: Final = "http://www.w3.org/2000/svg"


def svg(sheet: Sheet, title: str = "") -> bytes:
    """The sheet as a file of its own."""
    return bytes(Xml.tostring(element(sheet, title), encoding="utf-8"))


def element(sheet: Sheet, title: str = "") -> Xml.Element:
    """The sheet as an element; a millimetre is one unit."""
    paper = sheet.paper
    root = Xml.Element(
        "svg",
        {
            "xmlns": _SPACE,
            "width": f"{paper.width:g}mm",
            "height": f"{paper.height:g}mm",
            "viewBox": f"0 0 {paper.width:g} {paper.height:g}",
            "font-family": FAMILIES,
            "lang": "zh-CN",
        },
    )
    if title:
        Xml.SubElement(root, "title").text = title
    _add(root, "rect", {"width": "100%", "height": "100%", "fill": "#fff"})
    for item in sheet.items:
        _draw(root, item)
    return root


def _draw(root: Xml.Element, item: Item) -> None:
    match item:
        case Text():
            _text(root, item)
        case Box():
            place = {"x": item.x, "y": item.y, "width": item.width, "height": item.height}
            _outline(root, "rect", place, item.stroke, item.colour)
        case Strokes():
            path = "".join(_line(points) for points in item.lines)
            _outline(root, "path", {"d": path}, item.stroke, item.colour)
        case Symbol():
            _symbol(root, item)
        case Picture():
            data = base64.b64encode(item.png).decode("ascii")
            place = {"x": item.x, "y": item.y, "width": item.side, "height": item.side}
            _add(root, "image", {**place, "href": f"data:image/png;base64,{data}"})


def _text(root: Xml.Element, item: Text) -> None:
    attributes: dict[str, str | float] = {
        "x": item.x,
        "y": item.y,
        "font-size": item.em,
        "fill": item.colour,
        "xml:space": "preserve",
    }
    if item.bold:
        attributes["font-weight"] = "bold"
    if item.anchor != "start":
        attributes["text-anchor"] = item.anchor
    if item.spread:
        attributes["textLength"] = item.width
    if item.angle:
        attributes["transform"] = f"rotate({-item.angle:g} {_number(item.x)} {_number(item.y)})"
    _add(root, "text", attributes).text = item.text


def _symbol(root: Xml.Element, item: Symbol) -> None:
    """A row of dark modules is one rectangle, in units of modules."""
    count = len(item.modules)
    place = f"translate({_number(item.x)} {_number(item.y)}) scale({item.module:g})"
    group = _add(root, "g", {"transform": place, "shape-rendering": "crispEdges"})
    _add(group, "rect", {"width": count, "height": count, "fill": "#fff"})
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, x, length in item.runs())
    _add(group, "path", {"fill": "#000", "d": path})


def _outline(
    root: Xml.Element, tag: str, place: Mapping[str, str | float], stroke: float, colour: str
) -> None:
    _add(root, tag, {**place, "fill": "none", "stroke": colour, "stroke-width": stroke})


def _line(points: tuple[tuple[float, float], ...]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _add(root: Xml.Element, tag: str, attributes: Mapping[str, str | float]) -> Xml.Element:
    written = {
        name: value if isinstance(value, str) else _number(value)
        for name, value in attributes.items()
    }
    return Xml.SubElement(root, tag, written)


def _number(value: float) -> str:
    """A micrometre is finer than any printer."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
