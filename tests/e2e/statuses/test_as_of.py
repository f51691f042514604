"""How a document stood on another day, asked of a real register by RPC, page and command."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from license_verify import Reason
from registry_service.composition import utc_now
from registry_service.domain.china import china_day
from tests.e2e.page.node import until
from tests.e2e.recovery.town import Town
from tests.e2e.statuses.office import Office
from tests.rpc.registry import files
from tests.rpc.registry.test_history import change
from tests.rpc.registry.test_lifecycle import QUFU_SHOP
from tests.rpc.registry.world import a_code
from yizhao.registry.v1 import entity_pb2
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import Claims, Subject, VerifyRequest

_DATED = ("entity_version", "event", "premises_version")


def days_ago(count: int) -> date:
    return china_day(utc_now()) - timedelta(days=count)


@dataclass
class Archive:
    """Firms whose acts lie in the past, as far as their records tell."""

    office: Office
    town: Town
    stub: Any

    def let_pass(self, firm: entity_pb2.Entity, days: int) -> None:
        """Date everything that was recorded of a firm so many days back."""
        number = self.office.registry.number_of(firm.uscc)
        for table in _DATED:
            self.office.registry.run(
                f"UPDATE {table} SET effective_date = effective_date - %s::int,"  # noqa: S608
                " recorded_at = recorded_at - make_interval(days => %s) WHERE entity_no = %s",
                days,
                days,
                number,
            )

    def old_firm(self) -> entity_pb2.Entity:
        """One that was registered thirty days ago."""
        firm = self.town.firm()
        self.let_pass(firm, 30)
        return firm

    def asked(
        self, subject: Subject, ago: int, claims: Claims | None = None
    ) -> verdict_pb2.Verdict:
        """The answer by RPC; `ago` counts days, 0 asks about now."""
        request = VerifyRequest(subject=subject, claims=claims)
        day = days_ago(ago)
        if ago:
            request.as_of_date.year, request.as_of_date.month = day.year, day.month
            request.as_of_date.day = day.day
        found: verdict_pb2.Verdict = self.stub.Verify(request)
        return found

    def told(self, scan: str, ago: int, **claims: str) -> tuple[str, str, str]:
        """Outcome, status and deciding reason by RPC."""
        found = self.asked(Subject(scan=scan), ago, Claims(**claims) if claims else None)
        return (
            verdict_pb2.Outcome.Name(found.outcome).removeprefix("OUTCOME_"),
            verdict_pb2.Status.Name(found.status).removeprefix("STATUS_"),
            found.reason,
        )

    def published(self, scan: str, status: str) -> None:
        """Wait until the node has it."""
        until(lambda: self.told(scan, 0)[1] == status)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not make the register look away."""
    monkeypatch.setattr("license_verify.server.live._DEADLINE_SECONDS", 30.0)


@pytest.fixture
def archive(office: Office) -> Iterator[Archive]:
    with office.node.verifier() as stub:
        yield Archive(office, Town(office.registry), stub)


def test_a_revoked_licence_was_good_until_the_day_before(archive: Archive) -> None:
    firm = archive.old_firm()
    scan = archive.town.licensed(firm)
    archive.published(scan, "VALID")
    archive.town.revoke(firm)
    archive.let_pass(firm, 10)
    archive.published(scan, "REVOKED")
    assert archive.told(scan, 11) == ("VALID", "VALID", "OK")
    assert archive.told(scan, 10) == ("INVALID", "REVOKED", "STATUS_REVOKED")
    assert archive.told(scan, 9)[1] == "REVOKED"
    assert archive.told(scan, 41)[1] == "NOT_YET_VALID"


def test_the_day_is_told_in_words_by_every_way_of_asking(archive: Archive) -> None:
    firm = archive.old_firm()
    scan = archive.town.licensed(firm)
    archive.published(scan, "VALID")
    archive.town.revoke(firm)
    archive.published(scan, "REVOKED")
    day = days_ago(1).isoformat()
    words = {each.language: each for each in archive.asked(Subject(scan=scan), 1).words}
    assert words["zh-CN"].headline == "【测试】当日有效"
    assert f"以上为{day}当日的情况。现时状态：已吊销。" in words["zh-CN"].sentence
    assert f"as of {day}. Its status today: revoked." in words["en"].sentence
    command = archive.office.by_command(scan, "--as-of", day)
    assert (command.outcome, command.headline) == ("VALID", "【测试】当日有效")
    assert archive.office.headline_of_page(scan, f"?as_of={day}") == "【测试】当日有效"
    assert archive.office.headline_of_page(scan, "?as_of=") == "【测试】已吊销"


def test_an_address_counts_from_the_day_of_its_change(archive: Archive) -> None:
    firm = archive.old_firm()
    old = archive.town.licensed(firm)
    before = firm.face.address.text
    after = f"山东省济宁市任城区阜桥街道迁址路{firm.uscc[-4:]}号"
    archive.published(old, "VALID")
    change(archive.town.counter, archive.town.read(firm), address=entity_pb2.Address(text=after))
    archive.let_pass(firm, 10)
    archive.published(old, "SUPERSEDED")
    assert archive.told(old, 11, address=before) == ("VALID", "VALID", "OK")
    assert archive.told(old, 11, address=after) == ("INVALID", "VALID", "PLACE_NOT_FILED")
    assert archive.told(old, 10)[:2] == ("INVALID", "SUPERSEDED")
    code = Subject(uscc=firm.uscc)
    assert archive.asked(code, 11, Claims(address=before)).claims.address == (
        verdict_pb2.CLAIM_ANSWER_MATCH
    )
    assert archive.asked(code, 10, Claims(address=before)).claims.address == (
        verdict_pb2.CLAIM_ANSWER_DIFFERS
    )


def test_a_place_that_was_removed_was_filed_until_then(archive: Archive) -> None:
    firm = archive.old_firm()
    plain, shop = archive.town.licensed(firm), archive.town.shop(firm, QUFU_SHOP)
    archive.let_pass(firm, 5)
    marked, door = archive.town.live_license(firm), archive.town.door(shop)
    archive.published(door, "VALID")
    archive.town.strike(firm, shop)
    archive.published(door, "ANNULLED")
    archive.published(marked, "SUPERSEDED")  # 一照多址 ended with the place
    assert archive.told(marked, 1, address=QUFU_SHOP) == ("VALID", "VALID", "OK")
    assert archive.told(plain, 1)[1] == archive.told(marked, 6)[1] == "SUPERSEDED"
    assert archive.told(plain, 6, address=QUFU_SHOP) == ("INVALID", "VALID", "PLACE_NOT_FILED")
    # What was struck should never have been relied on, on any day.
    assert archive.told(door, 1)[1] == "ANNULLED"


def imported(archive: Archive) -> tuple[str, date]:
    """The scan text of the licence of a firm that another system handed over, and since when."""
    code, since = a_code(), date(2021, 3, 1)
    row = {
        "uniscid": code,
        "entname": "济宁市试史商贸有限公司",
        "enttypeCn": "有限责任公司(自然人独资)",
        "lerep": "测试史",
        "regcap": "100万元人民币",
        "dom": f"山东省济宁市任城区阜桥街道史料路{code[-4:]}号",
        "opscope": "一般项目：日用百货销售",
        "estdate": "2019-05-06",
        "apprdate": since.isoformat(),
        "regstateCn": "存续",
    }
    assert files.counts(files.imported(archive.office.registry, [row])) == (1, 0, 0, 0)
    return archive.town.licensed(entity_pb2.Entity(name=f"entities/{code}")), since


def test_before_the_register_knew_a_firm_nothing_is_established(archive: Archive) -> None:
    scan, since = imported(archive)
    archive.published(scan, "VALID")
    for ago in ((days_ago(0) - since).days, 1):
        told = archive.told(scan, ago)
        assert told == ("INDETERMINATE", "UNKNOWN", Reason.AS_OF_BEFORE_RECORD)
    words = archive.asked(Subject(scan=scan), 1).words[0]
    assert "早于登记系统对该主体的记录" in words.sentence
    code = archive.asked(Subject(scan=scan), 0).face.uscc
    typed = archive.asked(Subject(uscc=code), 1)
    assert typed.words[0].sentence.startswith("所查日期早于登记系统")


def test_a_code_that_was_registered_later_is_told_so(archive: Archive) -> None:
    firm = archive.old_firm()
    found = archive.asked(Subject(uscc=firm.uscc), 31)
    assert (found.outcome, found.reason) == (verdict_pb2.OUTCOME_INVALID, Reason.AS_OF_NOT_YET)
    assert found.status == verdict_pb2.STATUS_NOT_YET_VALID


def test_a_day_to_come_is_established_by_nobody(archive: Archive) -> None:
    scan = archive.town.licensed(archive.town.firm())
    archive.published(scan, "VALID")
    told = archive.told(scan, -1)
    assert told == ("INDETERMINATE", "UNKNOWN", Reason.AS_OF_IN_FUTURE)


def test_a_day_that_is_none_is_refused_by_the_page(archive: Archive) -> None:
    scan = archive.town.licensed(archive.town.firm())
    for day in ("gestern", "2026-02-30", "1" * 500):
        page = archive.office.node.get(f"/{scan.rpartition('/')[2]}?as_of={day}")
        assert page.status_code == 400
        assert "日期有误" in page.text
