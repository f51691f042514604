"""Links between a licence's page and its sites: they need the code in hand and give no other away.

The reasons stand in docs/adr/0019-page-links.md.
"""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify import verify
from license_verify.lists.status import Status
from license_verify.server.page.part import Part
from license_verify.server.page.view import view_of
from tests.unit.page.laid_out import LICENCE, html, page, place, record
from tests.unit.verify.world import FACE, NOW, SITE_CLAIMS, World, with_status

_HREF = re.compile(r'href="([^"]*)"')


@pytest.mark.parametrize(
    "query",
    [
        "from=groupmessage&isappinstalled=0",
        "utm_source=x&scene=1",
        "site=&unit=x&after=-1",
        "site=99999999999",
        "site=7%20",
        "firmware",
        "firm=1",
        "=&&=",
    ],
)
def test_what_messengers_append_changes_nothing(query: str) -> None:
    assert Part.of(query.encode()).whole
    assert page(live=record(), query=query) == page(live=record())


@given(st.binary(max_size=200))
def test_any_query_string_is_read(query: bytes) -> None:
    part = Part.of(query)
    assert part.site is None or part.site >= 0


def test_ours_is_found_among_what_a_messenger_appends() -> None:
    assert Part.of(b"site=7&from=singlemessage") == Part(site=7)
    assert Part.of(b"from=x&unit=20&after=60") == Part(unit=20, after=60)


def test_a_licence_leads_to_each_of_its_places_and_back() -> None:
    text = page(live=record())
    assert {"?site=3", "?site=7", "?site=9"} <= set(_HREF.findall(text))
    one = page(live=record(), query="site=9")
    assert "邹城市钢山街道样例大道66号" in one
    assert "样例街3号" not in one
    assert "2026年4月1日" in one
    assert "该场所自己的二维码未经扫描" in one
    assert 'href="?"' in one


def test_a_site_leads_to_its_firm_as_registered_now() -> None:
    live = record(name="济宁市试改物流有限公司", person="孙试改", version=5)
    text = page(SITE_CLAIMS, live)
    assert "济宁市试改物流有限公司" in text  # the code outlives a change of name
    assert "孙试改" not in text
    assert "?firm" in _HREF.findall(text)
    firm = page(SITE_CLAIMS, live, "firm")
    for told in ("孙试改", "壹佰万元整", str(FACE.address), "不是对执照的核验"):
        assert told in firm


def test_no_link_holds_a_token_and_none_leads_elsewhere() -> None:
    for claims in (LICENCE, SITE_CLAIMS):
        for query in ("", "firm", "scope", "site=3", "unit=20"):
            for link in _HREF.findall(page(claims, record(scope="销" * 400), query)):
                assert re.fullmatch(r"/|\?|\?(site|unit)=\d+(&amp;after=\d+)?|\?(firm|scope)", link)


@pytest.mark.parametrize("query", ["firm", "site=3", "unit=20", "scope"])
def test_a_part_is_shown_for_a_genuine_code_alone(query: str) -> None:
    forged = World()
    other = World()
    forged.token.kid = other.token.kid
    text = page(LICENCE, None, query, other)
    assert str(FACE.name) in text
    verdict = verify(forged.scan(LICENCE), other.trust(), NOW)
    refused = html(view_of(verdict, record(), Part.of(query.encode())))
    assert str(FACE.name) not in refused
    assert "样例街" not in refused


@pytest.mark.parametrize("status", [Status.REVOKED, Status.DEREGISTERED, Status.ANNULLED])
def test_whose_code_is_bad_learns_no_more_of_the_firm(status: Status) -> None:
    live = record(person="孙试改", version=5)
    text = page(SITE_CLAIMS, live, "firm", with_status(status))
    assert "孙试改" not in text
    assert "?firm" not in _HREF.findall(text)


def test_an_old_licence_never_tells_the_new_values() -> None:
    live = record(person="孙试改", capital="贰佰万元整", version=5)
    for query in ("", "firm"):
        text = page(LICENCE, live, query, with_status(Status.SUPERSEDED))
        assert "孙试改" not in text
        assert "贰佰万元整" not in text


@pytest.mark.parametrize("query", ["", "site=7", "unit=20"])
def test_behind_an_old_site_code_the_list_says_where_its_place_is_filed_now(query: str) -> None:
    """Filed places are published, and listed behind every code of the firm: docs/page.md."""
    moved = place(7, "曲阜市鲁城街道样例巷8号", version=99)
    assert SITE_CLAIMS.site == moved.number
    live = record(premises=(moved,))
    old = page(SITE_CLAIMS, live, query, with_status(Status.SUPERSEDED))
    assert moved.address in old
    assert moved.address in page(LICENCE, live, query)
    if query == "":
        assert "outdated" in old
        assert str(SITE_CLAIMS.face.address) in old


@pytest.mark.parametrize("query", ["firm", "site=3", "unit=20", "scope"])
def test_while_the_registry_is_away_a_part_says_so(query: str) -> None:
    text = page(SITE_CLAIMS if query == "firm" else LICENCE, None, query)
    assert "暂时连接不上登记系统" in text or "未取得" in text
    assert "有效" in text


@pytest.mark.parametrize("query", ["", "site=3", "unit=20", "firm"])
def test_an_old_code_does_not_open_the_door_of_the_home_its_firm_moved_to(query: str) -> None:
    home = place(3, "曲阜市鲁城街道样例巷8号", masked_address="曲阜市鲁城街道样例巷")
    site = SITE_CLAIMS.site
    live = record(premises=(replace(home, number=site or 0, version=99),))
    query = query.replace("site=3", f"site={site}")
    text = page(SITE_CLAIMS, live, query, with_status(Status.SUPERSEDED))
    assert "样例巷8号" not in text


@pytest.mark.parametrize("query", ["", "site=3", "unit=20", "firm"])
def test_on_another_day_a_code_opens_no_door_but_its_own(query: str) -> None:
    day = date(2026, 6, 1)
    home = place(3, "曲阜市鲁城街道样例巷8号", masked_address="曲阜市鲁城街道样例巷")
    site = SITE_CLAIMS.site
    live = record(premises=(replace(home, number=site or 0),), as_of=day)
    world = World()
    verdict = verify(world.scan(SITE_CLAIMS), world.trust(), NOW, as_of=day, live=live)
    query = query.replace("site=3", f"site={site}")
    assert "样例巷8号" not in html(view_of(verdict, live, Part.of(query.encode())))


@pytest.mark.parametrize("query", ["site=8", "unit=99", "site=0"])
def test_a_place_that_is_not_filed_is_not_found(query: str) -> None:
    assert "没有这一备案场所" in page(live=record(), query=query)


def test_every_place_of_a_chain_is_reached_by_following_links() -> None:
    live = record(
        premises=tuple(place(n, unit=11 + n % 3, address="样" * 90 + str(n)) for n in range(1, 301))
    )
    seen: set[int] = set()
    wanted, done = {""}, set()
    while wanted:
        query = wanted.pop()
        done.add(query)
        text = page(live=live, query=query)
        seen |= {int(n) for n in re.findall(r"\?site=(\d+)", text)}
        more = {
            link.removeprefix("?").replace("&amp;", "&")
            for link in _HREF.findall(text)
            if "unit=" in link
        }
        wanted |= more - done
    assert seen == set(range(1, 301))


def test_on_another_day_the_links_keep_to_that_day() -> None:
    day = date(2026, 6, 1)
    world, live = World(), record(as_of=day, premises=(place(3, unit=0), place(7)))
    verdict = verify(world.scan(LICENCE), world.trust(), NOW, as_of=day, live=live)
    text = html(view_of(verdict, live))
    assert 'href="?as_of=2026-06-01&amp;site=3"' in text
    assert "2026年6月1日当日的备案" in text
    assert "管辖区域不明" in text
    one = html(view_of(verdict, live, Part(site=3)))
    assert 'href="?as_of=2026-06-01&amp;"' in one
