"""Everything fits by rule: nothing lies on anything, nothing is lost, nothing is too small."""

from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from license_verify.codes.entity_type import EntityKind
from license_verify.limits import (
    ADDRESS_CHARACTERS,
    CAPITAL_CHARACTERS,
    NAME_CHARACTERS,
    PERSON_CHARACTERS,
    SCOPE_CHARACTERS,
)
from registry_service.domain.many_addresses import MarkMode
from registry_service.printing.drawing import Print, Symbol
from registry_service.printing.fitting import scale_of
from registry_service.printing.license_sheet import lay_out_license
from registry_service.printing.ornament import MARGIN, unit
from registry_service.printing.printed_face import CopyForm, Void
from registry_service.printing.site_sheet import lay_out_site
from tests.unit.printing.faces import (
    PLAIN,
    TEST,
    a_printed_face,
    a_printed_site,
    collisions,
    extents,
    places,
    written,
)

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Making thousands of characters fewer takes minutes, and says no more of a layout."""
han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
rare = st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF)
"""Of scopes alone, so that they are told from all other text."""
mixed = st.one_of(han, st.sampled_from("WMwi01（），;. -"))


def text_of(most: int) -> st.SearchStrategy[str]:
    return st.one_of(
        st.text(mixed, min_size=1, max_size=most),
        st.text(han, min_size=most, max_size=most),
        st.just("W" * most),
    )


def repeated(piece: str, most: int) -> str:
    return (piece * (most // len(piece) + 1))[:most]


scopes = st.tuples(
    st.text(st.one_of(rare, st.sampled_from("；（），AB1 ")), min_size=1, max_size=60),
    st.integers(1, SCOPE_CHARACTERS),
).map(lambda made: repeated(*made))


def only_rare(text: str) -> str:
    return "".join(c for c in text if "\u3400" <= c <= "\u4dbf")


def assert_sound(printed: Print) -> None:
    for sheet in printed.sheets:
        paper, k = sheet.paper, unit(sheet.paper)
        edge = (MARGIN + 5) * k
        assert collisions(sheet) == []
        for what, (left, top, right, bottom) in extents(sheet):
            assert left >= edge - 0.1, what
            assert top >= edge - 0.1, what
            assert right <= paper.width - edge + 0.1, what
            assert bottom <= paper.height - edge + 0.1, what
        assert [symbol.module for symbol in sheet.items if isinstance(symbol, Symbol)] == [0.4]
        assert min(text.size for text in sheet.texts) >= 7.5


@settings(max_examples=40, phases=UNSHRUNK)
@given(
    form=st.sampled_from(CopyForm),
    kind=st.sampled_from(EntityKind),
    name=text_of(NAME_CHARACTERS),
    person=text_of(PERSON_CHARACTERS),
    capital=text_of(CAPITAL_CHARACTERS),
    address=text_of(ADDRESS_CHARACTERS),
    scope=scopes,
    mark=st.sampled_from([None, MarkMode.SUFFIX, MarkMode.SUFFIX_PLUS_QR_LIST]),
    around=st.sampled_from([PLAIN, TEST]),
)
def test_whatever_the_texts_nothing_collides_and_no_character_of_the_scope_is_lost(
    around: Any, **values: Any
) -> None:
    numbers = {
        "license_number": "91370811MAJN000108-001",
        "document_id": "1.2.156.3005.2.11100000MB0143028R001.11370800MB28559184."
        "91370811MAJN000108.001.S",
        "term": "2020年05月06日至2040年05月05日",
    }
    printed = lay_out_license(a_printed_face(**(values | numbers)), around)
    assert_sound(printed)
    assert only_rare(written(printed)) == only_rare(values["scope"])


@pytest.mark.parametrize("form", CopyForm)
@pytest.mark.parametrize("count", [1, 3, 8, 40, 300])
def test_every_place_of_a_list_is_printed_once(form: CopyForm, count: int) -> None:
    found = places(count)
    face = a_printed_face(form, mark=MarkMode.INLINE_LIST, places=found)
    printed = lay_out_license(face, PLAIN)
    assert_sound(printed)
    text = written(printed)
    assert all(text.count(place.address) == 1 for place in found)


@pytest.mark.parametrize("form", CopyForm)
def test_longest_texts_with_longest_list_fit(form: CopyForm) -> None:
    face = a_printed_face(
        form,
        name="济" * NAME_CHARACTERS,
        person="钱" * PERSON_CHARACTERS,
        capital="壹" * CAPITAL_CHARACTERS,
        address="路" * ADDRESS_CHARACTERS,
        scope=repeated("㐀㐁㐂；", SCOPE_CHARACTERS),
        mark=MarkMode.INLINE_LIST,
        places=places(300),
    )
    printed = lay_out_license(face, TEST)
    assert_sound(printed)
    assert written(printed).count("㐂") == SCOPE_CHARACTERS // 4
    assert written(printed).count("路") >= ADDRESS_CHARACTERS + 300


def test_a_longest_name_is_printed_larger_than_the_smallest_size() -> None:
    face = a_printed_face(name="济" * NAME_CHARACTERS)
    (sheet,) = lay_out_license(face, PLAIN).sheets
    size = next(text.size for text in sheet.texts if text.text.startswith("济济"))
    assert size > scale_of(sheet.paper).smallest


def test_a_usual_scope_stays_on_the_face_and_the_longest_goes_on() -> None:
    usual = lay_out_license(a_printed_face(), PLAIN)
    assert len(usual.sheets) == 1
    longest = lay_out_license(a_printed_face(scope="销" * SCOPE_CHARACTERS), PLAIN)
    assert [sheet.paper.title for sheet in longest.sheets] == ["A4"] * 3
    assert "（下转附页）" in written(longest)
    assert "经营范围（上接正面）" in written(longest)
    assert "附页第2页，共2页" in written(longest)


def test_800_characters_of_scope_need_no_second_sheet() -> None:
    for form in CopyForm:
        printed = lay_out_license(a_printed_face(form, scope="销" * 800), PLAIN)
        assert len(printed.sheets) == 1, form


def test_labels_are_those_of_the_type() -> None:
    text = written(lay_out_license(a_printed_face(kind=EntityKind.PARTNERSHIP), PLAIN))
    assert all(label in text for label in ("执行事务合伙人", "出资额", "主要经营场所"))
    text = written(lay_out_license(a_printed_face(kind=EntityKind.HOUSEHOLD), PLAIN))
    assert all(label in text for label in ("经营者", "组成形式", "经营场所"))
    assert "名称" not in text
    assert "资本" not in text


@pytest.mark.parametrize(
    ("mark", "suffix", "scan"),
    [
        (None, False, False),
        (MarkMode.SUFFIX, True, False),
        (MarkMode.SUFFIX_PLUS_QR_LIST, True, True),
    ],
)
def test_the_mark_is_that_of_its_mode(mark: MarkMode | None, suffix: bool, scan: bool) -> None:
    text = written(lay_out_license(a_printed_face(mark=mark), PLAIN))
    assert ("（一照多址）" in text) is suffix
    assert ("全部经营场所" in text) is scan


def test_only_a_test_system_says_so_and_it_says_so_on_every_sheet() -> None:
    face = a_printed_face(scope="销" * SCOPE_CHARACTERS)
    for sheet in lay_out_license(face, TEST).sheets:
        texts = [text.text for text in sheet.texts]
        assert "测试" in texts
        assert "测试系统打印，仅供测试，不具有法律效力" in texts
    assert "测试" not in written(lay_out_license(face, PLAIN))


def test_paper_has_room_for_the_seal_and_the_electronic_licence_says_what_replaces_it() -> None:
    paper = written(lay_out_license(a_printed_face(CopyForm.ORIGINAL), PLAIN))
    assert "登记机关（盖章）" in paper
    assert "电子签名" not in paper
    electronic = written(lay_out_license(a_printed_face(CopyForm.ELECTRONIC), PLAIN))
    assert "以此代替印章" in electronic


def test_what_is_void_says_so_on_every_sheet() -> None:
    void = Void("吊销", "该主体已被吊销营业执照")
    face = a_printed_face(CopyForm.ELECTRONIC, scope="销" * SCOPE_CHARACTERS, void=void)
    for sheet in lay_out_license(face, PLAIN).sheets:
        assert {"吊销", "该主体已被吊销营业执照"} <= {text.text for text in sheet.texts}


@settings(max_examples=20, phases=UNSHRUNK)
@given(
    name=text_of(NAME_CHARACTERS),
    site_title=text_of(NAME_CHARACTERS),
    address=text_of(ADDRESS_CHARACTERS),
    scope=scopes,
)
def test_the_sheet_of_a_place_fits_too(**values: str) -> None:
    printed = lay_out_site(a_printed_site(**values), TEST)
    assert_sound(printed)
    assert only_rare(written(printed)) == only_rare(values["scope"])


def test_the_sheet_of_a_place_says_whose_it_is_who_supervises_it_and_what_to_scan() -> None:
    site = a_printed_site()
    text = written(lay_out_site(site, PLAIN))
    for part in (site.name, site.uscc, site.address, site.supervisor, f"{site.uscc}-12"):
        assert part in text
    assert "https://zz.jining.example/" in text
    assert "扫一扫" in text
