"""Faces as Chromium draws them: like the stored pictures, readable, on exact paper."""

from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from license_verify.codes.entity_type import EntityKind
from registry_service.printing.drawing import Sheet, Text
from registry_service.printing.html import html
from registry_service.printing.license_sheet import lay_out_license
from registry_service.printing.printed_face import CopyForm
from registry_service.printing.svg import svg
from tests.pictures.chromium import Chromium
from tests.pictures.gallery import FACES, TOLERANCE, difference, smaller, stored
from tests.unit.printing.faces import PLAIN, SCAN, a_printed_face


@pytest.fixture
def chromium(tmp_path: Path) -> Chromium:
    return Chromium(tmp_path)


def picture_of(chromium: Chromium, sheet: Sheet, folder: Path) -> Path:
    drawing = folder / "sheet.svg"
    drawing.write_bytes(svg(sheet))
    return chromium.picture(drawing, sheet.paper.width, sheet.paper.height, 2)


def symbols(picture: Path) -> list[str]:
    with Image.open(picture) as image:
        return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("name", FACES)
def test_a_face_looks_as_it_did_and_its_symbol_is_read(
    chromium: Chromium, tmp_path: Path, name: str
) -> None:
    lay_out, number = FACES[name]
    picture = picture_of(chromium, lay_out().sheets[number], tmp_path)
    assert symbols(picture) == [SCAN]
    with Image.open(stored(name)) as before:
        found = difference(smaller(picture), before.convert("L"))
    assert found <= TOLERANCE, f"{name} looks different; if it should, run `make pictures` and look"


def test_a_field_that_moved_by_three_millimetres_is_noticed(
    chromium: Chromium, tmp_path: Path
) -> None:
    sheet = FACES[EntityKind.COMPANY.value][0]().sheets[0]
    moved = tuple(
        replace(item, y=item.y + 3) if isinstance(item, Text) and item.text == "钱试写" else item
        for item in sheet.items
    )
    picture = picture_of(chromium, replace(sheet, items=moved), tmp_path)
    with Image.open(stored(EntityKind.COMPANY.value)) as before:
        assert difference(smaller(picture), before.convert("L")) > 1.5 * TOLERANCE


@pytest.mark.parametrize("form", [CopyForm.ORIGINAL, CopyForm.DUPLICATE])
def test_the_browser_prints_each_sheet_on_a_page_of_its_size(
    chromium: Chromium, tmp_path: Path, form: CopyForm
) -> None:
    printed = lay_out_license(a_printed_face(form, scope="销" * 4000), PLAIN)
    page = tmp_path / "page.html"
    page.write_bytes(html(printed))
    pages = PdfReader(chromium.pdf(page)).pages
    assert len(pages) == len(printed.sheets) > 1
    for each in pages:
        width, height = (float(side) / 72 * 25.4 for side in each.mediabox[2:])
        # Chromium rounds paper to its pixels of 1/96 inch.
        assert (width, height) == pytest.approx((form.paper.width, form.paper.height), abs=0.27)
