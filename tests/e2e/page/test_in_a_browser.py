"""The page in headless Chromium at the size of a phone; pictures go to build/page."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from tests.browser.phone import View, seen
from tests.e2e.page.gallery import Shown, gallery
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import configured_log
from tests.unit.verify.world import World

PICTURES: Final = Path(__file__).parents[3] / "build" / "page"
KINDS: Final = (
    "licence", "original", "site", "site-firm", "scope", "one-place", "county", "superseded",
    "dormant", "revoked", "deregistered", "lost", "expired", "forged", "cached", "stale",
    "missing", "foreign", "about", "no-scan", "too-long", "no-page",
)  # fmt: skip

MAIN: Final = (
    "licence", "site", "superseded", "revoked", "stale", "foreign", "about", "site-firm",
)  # fmt: skip
LIGHT: Final = {
    "ok": "rgb(10, 107, 56)",
    "warn": "rgb(255, 201, 77)",
    "bad": "rgb(169, 32, 26)",
    "unsure": "rgb(71, 86, 106)",
    "plain": "rgb(29, 79, 134)",
}


@pytest.fixture(scope="module")
def shown(
    tmp_path_factory: pytest.TempPathFactory, authorities: Authorities
) -> Iterator[Mapping[str, Shown]]:
    now = datetime.now(UTC).replace(microsecond=0)
    world = replace(World(environment="test"), published_at=now - timedelta(seconds=3))
    with (
        configured_log(),
        gallery(tmp_path_factory.mktemp("gallery"), authorities, world) as pages,
    ):
        yield pages


def look(shown: Mapping[str, Shown], folder: Path, kinds: Any, **how: Any) -> dict[str, Any]:
    """Open pages of those kinds, all in one browser for each node."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    suffix = "".join(f"-{key}-{value}" for key, value in how.items())
    found: dict[str, Any] = {}
    by_node: dict[str, list[str]] = {}
    for kind in kinds:
        by_node.setdefault(shown[kind].node.page_address, []).append(kind)
    for number, (address, names) in enumerate(by_node.items()):
        views = [
            View(
                url=shown[name].url,
                picture=str(PICTURES / f"{name}{suffix}.png"),
                whole="" if how else str(PICTURES / f"{name}-whole.png"),
                **how,
            )
            for name in names
        ]
        home = folder / f"profile{number}"
        home.mkdir()
        found |= zip(names, seen(address, home, views), strict=True)
    return found


def is_sound(kind: str, page: dict[str, Any], width: int) -> None:
    assert page["violations"] == [], kind
    assert page["unsure"] == [], kind
    assert {"color-contrast", "html-has-lang", "bypass", "landmark-one-main"} <= {*page["passed"]}
    assert page["lang"] == "zh-CN", kind
    assert page["headings"][0] == "H1", kind
    assert page["headings"].count("H1") == 1, kind
    assert page["landmarks"] == ["header", "main", "footer"], kind
    assert page["width"] <= width, (kind, page["wide"])
    assert page["focus"], kind
    for reached in page["focus"]:
        assert reached["outline"] >= 2, (kind, reached)
        assert reached["height"] >= 24, (kind, reached)  # WCAG 2.2, 2.5.8


def test_every_kind_of_page_is_legible_accessible_and_comes_alone(
    shown: Mapping[str, Shown], tmp_path: Path
) -> None:
    found = look(shown, tmp_path, KINDS)
    for kind, page in found.items():
        is_sound(kind, page, 360)
        assert page["headline"]["bottom"] < 370, kind  # on the first half of the first screen
        assert page["background"] == LIGHT[shown[kind].tone], kind
        assert [method for method, _ in page["requests"]] == ["GET"], kind
        assert page["complaints"] == [] or page["status"] >= 400, (kind, page["complaints"])


def test_in_the_dark_it_is_as_legible(shown: Mapping[str, Shown], tmp_path: Path) -> None:
    found = look(shown, tmp_path, MAIN, dark=True, open=True)
    for kind, page in found.items():
        is_sound(kind, page, 360)
        assert page["background"] != LIGHT["plain"], kind


def test_on_the_narrowest_phone_with_text_twice_as_large_nothing_runs_out(
    shown: Mapping[str, Shown], tmp_path: Path
) -> None:
    found = look(shown, tmp_path, MAIN, width=320, scale=2)
    for kind, page in found.items():
        is_sound(kind, page, 320)
        assert page["text"].strip(), kind


def test_what_people_read_first_is_the_verdict(shown: Mapping[str, Shown], tmp_path: Path) -> None:
    found = look(shown, tmp_path, ("superseded",), script=True)
    text = found["superseded"]["text"]
    assert text.index("已换发") < text.index("济宁市试写物流有限公司") < text.index("法定代表人")
    assert found["superseded"]["title"].startswith("【测试】已换发")
