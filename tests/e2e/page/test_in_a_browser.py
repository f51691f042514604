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
                whole=str(PICTURES / f"{name}{suffix}-whole.png"),
                **how,
            )
            for name in names
        ]
        home = folder / f"profile{number}"
        home.mkdir()
        found |= zip(names, seen(address, home, views), strict=True)
    return found


def test_every_kind_of_page_is_legible_accessible_and_alone(
    shown: Mapping[str, Shown], tmp_path: Path
) -> None:
    found = look(shown, tmp_path, KINDS)
    for kind, page in found.items():
        assert page["violations"] == [], kind
        assert page["lang"] == "zh-CN", kind
        assert page["headings"][0] == "H1", kind
        assert page["headings"].count("H1") == 1, kind
        assert page["landmarks"] == ["header", "main", "footer"], kind
        assert page["width"] <= 360, (kind, page["wide"])
        assert page["headline"]["bottom"] < 330, kind
        assert [url for _, url in page["requests"]] == [shown[kind].url.replace("|", "%7C")], kind
        assert all(each["outline"] >= 2 for each in page["focus"]), kind
