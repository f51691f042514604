"""Every status, of every document, in every state of the data: a page that makes sense of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import product

import pytest

from license_verify import HighestSeen, Trust, Verdict, verify
from license_verify.checks import CheckName, Result
from license_verify.lists.status import Status
from license_verify.reasons import Reason
from license_verify.server.page.view import view_of
from license_verify.token.claims import Claims
from license_verify.token.face import digest
from license_verify.trust import Source
from license_verify.verdict import Outcome
from tests.unit.page.laid_out import LICENCE, SCOPE, html, page, place, record
from tests.unit.verify.world import FACE, NOW, SITE_CLAIMS, USCC, World, with_status

DOCUMENTS = {
    "licence": LICENCE,
    "original": replace(LICENCE, face=replace(FACE, copy=0, scope_digest=digest(SCOPE))),
    "duplicate": replace(LICENCE, face=replace(FACE, copy=2, scope_digest=digest(SCOPE))),
    "site": SITE_CLAIMS,
}
TITLES = {
    "licence": "电子营业执照",
    "original": "营业执照（正本）",
    "duplicate": "营业执照（副本 2）",
    "site": "经营场所码",
}
DATA = ("live", "away", "cached", "stale", "missing", "rollback")
TONES = {
    Status.VALID: "ok",
    Status.INVALID: "bad",
    Status.SUSPENDED: "warn",
    Status.SUPERSEDED: "warn",
    Status.REVOKED: "bad",
    Status.DEREGISTERED: "bad",
    Status.ANNULLED: "bad",
    Status.LOST_VOID: "bad",
}


def trust(world: World, data: str) -> Trust:
    if data == "missing":
        return Trust.missing()
    if data == "rollback":
        seen = HighestSeen(world.seq + 5, world.published_at, world.trust_version)
        return Trust.missing(Reason.ROLLBACK, seen)
    source = Source.LIVE if data in ("live", "away") else Source.CACHED
    return replace(world.trust(), source=source)


@cache
def answers() -> tuple[tuple[Status, str, str, Verdict, str], ...]:
    return tuple(_answers())


def _answers() -> Iterator[tuple[Status, str, str, Verdict, str]]:
    for status, (name, claims), data in product(TONES, DOCUMENTS.items(), DATA):
        world = with_status(status)
        now = NOW + timedelta(days=3) if data == "stale" else NOW
        newer = status is Status.SUPERSEDED
        live = record(version=FACE.version + newer) if data == "live" else None
        verdict = verify(world.scan(claims), trust(world, data), now, live=live)
        yield status, name, data, verdict, html(view_of(verdict, live))


def tone(text: str) -> str:
    found = re.search(r'class="verdict (\w+)"', text)
    assert found is not None
    return found[1]


def test_each_has_the_tone_and_the_words_of_its_verdict() -> None:
    seen = 0
    for status, name, data, verdict, text in answers():
        case = (status, name, data)
        words = verdict.words
        for told in (words.zh.headline, words.zh.sentence, words.zh.next_step):
            stands = told in text or data in ("stale", "missing", "rollback")
            assert stands, (case, told)
        assert words.en.headline in text, case
        if verdict.outcome is Outcome.INDETERMINATE:
            assert tone(text) == "unsure", case
        else:
            assert tone(text) == TONES[status], case
        if data in ("missing", "rollback"):
            assert tone(text) == "unsure", case
            assert USCC not in text, case
            assert "请稍后重新扫描" in text, case
        else:
            assert TITLES[name] in text, case
            assert USCC in text, case
            assert "只证明执照，不证明出示人。" in text, case
        seen += 1
    assert seen == 8 * 4 * 6


def test_each_says_what_was_not_established() -> None:
    for status, name, data, verdict, text in answers():
        case = (status, name, data)
        opened = text[text.index('id="open"') :]
        if verdict.face is None:
            assert "因此本页不显示照面内容" in opened, case
            continue
        assert "出示人是谁" in opened, case
        assert "签发日志" in opened, case
        if verdict.check(CheckName.STATUS).result is Result.NOT_ESTABLISHED:
            assert "目前的状态" in opened, case
        ended = status in (Status.REVOKED, Status.DEREGISTERED, Status.ANNULLED, Status.INVALID)
        if data != "live" and not (ended and verdict.outcome is Outcome.INVALID):
            assert "暂时连接不上登记系统" in opened, case
        if name != "site":
            assert ("二维码中只有摘要" in opened) == (data != "live"), case
        if status is Status.SUPERSEDED and data == "away" and name != "site":
            assert "哪些事项有变更" in opened, case


def test_only_an_outdated_print_is_amber_and_says_what_changed() -> None:
    world, live = with_status(Status.SUPERSEDED), record(version=5, person="孙试改")
    verdict = verify(world.scan(LICENCE), world.trust(), NOW, live=live)
    text = html(view_of(verdict, live))
    assert tone(text) == "warn"
    for told in ("该主体仍然存续", "2026-03-04", "变更事项：法定代表人", "旧版内容"):
        assert told in text


def test_a_valid_licence_lists_nothing_as_open_but_place_holder_and_log() -> None:
    world, live = World(), record()
    verdict = verify(world.scan(LICENCE), world.trust(), NOW, live=live)
    found = [words.zh for words in view_of(verdict, live).unproven]
    assert [words[:4] for words in found] == ["您所在的", "出示人是", "此证照是"]


def test_an_answer_about_another_firm_is_not_shown() -> None:
    world, live = World(), record(uscc="91370829MAJN000298", name="济宁市别家物流有限公司")
    verdict = verify(world.scan(LICENCE), world.trust(), NOW, live=live)
    text = html(view_of(verdict, live))
    assert "别家" not in text
    assert "样例街3号" not in text
    assert "暂时连接不上登记系统" in text


@pytest.mark.parametrize(
    "scan",
    [
        "https://zzlz.gsxt.gov.cn/businessShow?x=1",
        "91370811MAJN000108-SAIC_SHOW_1000000091370811MAJN0001081600000000000",
    ],
)
def test_a_code_of_a_national_system_says_where_to_check_it(scan: str) -> None:
    verdict = verify(scan, World().trust(), NOW)
    text = html(view_of(verdict, None))
    assert tone(text) == "unsure"
    for told in ("非本系统二维码", "www.gsxt.gov.cn", "电子营业执照”小程序"):
        assert told in text
    assert "网址是否属于" not in text


@pytest.mark.parametrize(
    ("claims", "query"),
    [(LICENCE, ""), (LICENCE, "site=3"), (LICENCE, "unit=20"), (SITE_CLAIMS, "firm")],
)
def test_english_is_marked_as_english(claims: Claims, query: str) -> None:
    text = page(claims, record(), query)
    without = re.sub(r'<span lang="en">.*?</span>', "", text[text.index("<main>") :])
    visible = re.sub(r"<[^>]*>", "", without)
    assert set(re.findall(r"[A-Za-z]{4,}", visible)) <= {"MAJN"}


def test_a_site_whose_filing_ended_says_so_and_asks_nothing_more_of_it() -> None:
    live = record(premises=(place(3),))
    text = page(SITE_CLAIMS, live)
    assert tone(text) == "bad"
    assert "备案已终止" in text
    assert "是否仍在备案" not in text


def test_a_replaced_site_code_says_that_what_changed_is_not_known() -> None:
    text = page(SITE_CLAIMS, record(), world=with_status(Status.SUPERSEDED))
    assert "哪些备案事项有变更" in text
