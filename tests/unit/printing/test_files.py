"""SVG and HTML are well formed and free of markup from facts; PDFs carry their fonts."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from registry_service.operations.printer import read_emblem
from registry_service.printing import fonts
from registry_service.printing.drawing import Picture
from registry_service.printing.errors import PrintCharactersMissing, PrintFontMissing
from registry_service.printing.fonts import FontSet, find_fonts, load_font
from registry_service.printing.forms import as_pdf, as_svg
from registry_service.printing.html import html
from registry_service.printing.license_sheet import lay_out_license
from registry_service.printing.pdf import pdf
from registry_service.printing.printed_face import CopyForm, Surroundings
from registry_service.printing.svg import svg
from tests.needed import missing
from tests.unit.printing.faces import PLAIN, TEST, a_printed_face, written

NOW = datetime(2026, 11, 2, 1, 2, 3, tzinfo=UTC)
TAGS = {"svg", "title", "rect", "path", "text", "g", "image"}
NASTY = "</text><script>alert(1)</script>&lt;\"'>"


def parsed(content: bytes) -> Xml.Element:
    return Xml.fromstring(content)  # noqa: S314 - we drew it


@pytest.fixture(scope="module")
def noto() -> FontSet:
    try:
        return find_fonts()
    except PrintFontMissing:
        missing("a PDF needs a Chinese font: install Debian's fonts-noto-cjk")


@settings(max_examples=25)
@given(st.text("<>&\"'/济宁 a=;", min_size=1, max_size=100), st.sampled_from(CopyForm))
def test_no_text_becomes_markup(text: str, form: CopyForm) -> None:
    face = a_printed_face(form, name=text, person=NASTY, scope=text + NASTY)
    printed = lay_out_license(face, TEST)
    root = parsed(svg(printed.sheets[0], printed.title))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= TAGS
    shown = "".join(root.itertext()).removeprefix(printed.title)
    assert shown == written(printed)
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)


def test_the_page_fetches_nothing_and_names_its_paper() -> None:
    content = html(lay_out_license(a_printed_face(CopyForm.ORIGINAL, name=NASTY), PLAIN)).decode()
    assert "@page { size: 420mm 297mm; margin: 0 }" in content
    assert "default-src 'none'" in content
    assert "<script" not in content
    assert content.count('class="sheet"') == 1


def test_svg_has_a_file_for_each_sheet() -> None:
    printed = lay_out_license(a_printed_face(scope="销" * 4000), PLAIN)
    files = as_svg(printed)
    assert len(files.contents) == files.sheets == 3
    assert all(parsed(content).get("width") == "297mm" for content in files.contents)


@pytest.mark.parametrize(("form", "size"), [("ORIGINAL", (420, 297)), ("DUPLICATE", (297, 210))])
def test_a_pdf_is_of_exact_size_and_every_font_in_it_is_embedded(
    noto: FontSet, form: str, size: tuple[int, int]
) -> None:
    printed = lay_out_license(a_printed_face(CopyForm[form], scope="销售；" * 1300), TEST)
    files = as_pdf(printed, noto, NOW)
    reader = PdfReader(io.BytesIO(files.contents[0]))
    assert len(reader.pages) == files.sheets == len(printed.sheets) > 1
    for page, sheet in zip(reader.pages, printed.sheets, strict=True):
        width, height = (float(side) / 72 * 25.4 for side in page.mediabox[2:])
        assert (width, height) == pytest.approx(size, abs=0.01)
        text = page.extract_text().replace("\0", "")
        assert all(each.text.strip() in text for each in sheet.texts if "销" not in each.text)
    resources: Any = reader.pages[0]["/Resources"]
    for font in resources["/Font"].values():
        (drawn,) = font.get_object()["/DescendantFonts"]
        descriptor = drawn.get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
    scope = "".join(page.extract_text().replace("\0", "") for page in reader.pages)
    assert scope.count("销") == 1300


def test_the_same_print_gives_the_same_pdf(noto: FontSet) -> None:
    printed = lay_out_license(a_printed_face(), PLAIN)
    assert pdf(printed, noto, NOW) == pdf(printed, noto, NOW)


def test_a_rare_character_is_printed_where_the_font_has_it(noto: FontSet) -> None:
    printed = lay_out_license(a_printed_face(person="钱𠮷"), PLAIN)
    text = PdfReader(io.BytesIO(pdf(printed, noto, NOW))).pages[0].extract_text()
    assert "𠮷" in text.replace("\0", "")


def test_a_character_that_no_font_has_is_named(noto: FontSet) -> None:
    printed = lay_out_license(a_printed_face(person="钱\U0002a6a0"), PLAIN)
    with pytest.raises(PrintCharactersMissing) as told:
        pdf(printed, noto, NOW)
    assert "U+2A6A0" in told.value.metadata["characters"]
    assert "U+2A6A0" in told.value.zh
    svg(printed.sheets[0])  # the reader's machine may have it


def test_without_a_chinese_font_the_refusal_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "_FOLDERS", (tmp_path,))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PrintFontMissing) as told:
        find_fonts()
    assert "fonts-noto-cjk" in told.value.zh
    assert "print_fonts" in told.value.zh


@pytest.mark.parametrize("content", [None, b"no font at all"])
def test_a_file_that_is_no_font_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "song.ttf"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(PrintFontMissing) as told:
        find_fonts([file])
    assert told.value.metadata["file"] == "song.ttf"


def test_of_a_collection_the_mainland_forms_are_taken(noto: FontSet) -> None:
    font = load_font(noto.regular[0].file)
    if font.file.name.startswith("NotoSerifCJK"):
        assert font.number == 2
    assert ord("营") in font.characters


def test_an_emblem_is_placed_where_one_is_configured_and_nothing_is_drawn_without(
    tmp_path: Path,
) -> None:
    file = tmp_path / "emblem.png"
    Image.new("RGB", (8, 8), (200, 0, 0)).save(file)
    around = Surroundings(test_system=False, emblem=read_emblem(file))
    (with_emblem,) = lay_out_license(a_printed_face(), around).sheets
    (without,) = lay_out_license(a_printed_face(), PLAIN).sheets
    assert [type(i) for i in with_emblem.items].count(Picture) == 1
    assert [type(i) for i in without.items].count(Picture) == 0
    assert b"data:image/png;base64," in svg(with_emblem)


def test_an_emblem_that_is_no_png_is_refused_early(tmp_path: Path) -> None:
    file = tmp_path / "emblem.png"
    file.write_bytes(b"<svg/>")
    with pytest.raises(ValueError, match="no PNG"):
        read_emblem(file)
    assert read_emblem(None) is None
