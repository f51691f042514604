"""The judge of the soak: it knows what may be said, and catches each wrong verdict."""

from dataclasses import replace

import pytest

from tests.load.soak.judge import Judge, Purpose
from tests.load.soak.seen import FORGED, TYPED, Call, Seen
from tests.load.soak.tally import Tally
from tests.load.soak.truth import NOT_ISSUED, Document, History, Truth

AT = 1_000_000.0
PURPOSES = {
    "general": Purpose(100.0),
    "inspection": Purpose(100.0, frozenset({"SUSPENDED", "SUPERSEDED"})),
}
LICENCE = 0


@pytest.fixture
def truth() -> Truth:
    """One licence that was issued long ago."""
    made = Truth()
    made.add("licence", "https://…", History("VALID"), History("VALID"))
    return made


@pytest.fixture
def licence(truth: Truth) -> Document:
    return truth.of(LICENCE)


@pytest.fixture
def judge(truth: Truth) -> Judge:
    return Judge(truth, PURPOSES)


def seen(outcome: str, status: str, *, edition: float = AT, asked: float = AT + 1) -> Seen:
    """A verdict on the licence, asked for a second after its edition, checked a moment later."""
    return Seen(
        "unary", LICENCE, "general", asked, asked + 0.2,
        edition_from=edition, edition_until=edition, floor=edition,
        outcome=outcome, status=status, reason="", checked_at=asked + 0.1, maximum=100.0,
    )  # fmt: skip


VALID = seen("VALID", "VALID")
INVALID_SUSPENDED = seen("INVALID", "SUSPENDED")


def suspended(licence: Document, sent: float, answered: float | None) -> None:
    licence.firm.send("SUSPENDED", sent)
    if answered is not None:
        licence.firm.answer(answered)


def test_what_is_true_may_be_said(judge: Judge) -> None:
    assert judge.wrong(VALID) == ""


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("INVALID", "VALID"),
        ("INVALID", "SUSPENDED"),
        ("INVALID", "REVOKED"),
        ("INDETERMINATE", "UNKNOWN"),
        ("VALID", "SUPERSEDED"),
    ],
)
def test_any_other_answer_is_wrong(judge: Judge, outcome: str, status: str) -> None:
    assert "instead of VALID VALID" in judge.wrong(seen(outcome, status))


def test_before_an_act_is_answered_an_edition_may_have_it_or_not(
    judge: Judge, licence: Document
) -> None:
    suspended(licence, AT - 30, None)
    assert judge.wrong(VALID) == judge.wrong(INVALID_SUSPENDED) == ""


def test_an_edition_after_the_answer_must_have_the_act(judge: Judge, licence: Document) -> None:
    suspended(licence, AT - 30, AT - 20)
    assert judge.wrong(INVALID_SUSPENDED) == ""
    assert judge.wrong(VALID) == "VALID VALID instead of INVALID SUSPENDED"


def test_an_edition_before_the_act_must_not_have_it(judge: Judge, licence: Document) -> None:
    suspended(licence, AT + 20, AT + 30)
    asked_later = replace(INVALID_SUSPENDED, asked_at=AT + 40, answered_at=AT + 40.2)
    assert "instead of VALID VALID" in judge.wrong(replace(asked_later, checked_at=AT + 40.1))


def test_a_refused_act_changes_nothing(judge: Judge, licence: Document) -> None:
    suspended(licence, AT - 30, None)
    licence.firm.refuse()
    assert judge.wrong(VALID) == ""
    assert judge.wrong(INVALID_SUSPENDED)


def test_the_purpose_decides_what_is_accepted(judge: Judge, licence: Document) -> None:
    suspended(licence, AT - 30, AT - 20)
    accepted = replace(seen("VALID", "SUSPENDED"), purpose="inspection")
    assert judge.wrong(accepted) == ""
    assert judge.wrong(replace(accepted, purpose="general"))
    assert judge.wrong(replace(INVALID_SUSPENDED, purpose="inspection"))


@pytest.mark.parametrize("own", ["SUPERSEDED", "LOST_VOID"])
def test_a_document_is_as_bad_as_the_worse_of_its_firm_and_itself(
    judge: Judge, licence: Document, own: str
) -> None:
    licence.own.send(own, AT - 30)
    licence.own.answer(AT - 30)
    suspended(licence, AT - 20, AT - 20)
    worse = own if own == "LOST_VOID" else "SUSPENDED"
    assert judge.wrong(seen("INVALID", worse)) == ""
    assert judge.wrong(seen("INVALID", own if worse != own else "SUSPENDED"))


def test_old_data_says_that_nothing_is_known(judge: Judge) -> None:
    late = AT + 101
    assert judge.wrong(seen("INDETERMINATE", "UNKNOWN", asked=late)) == ""
    assert "instead of INDETERMINATE" in judge.wrong(seen("VALID", "VALID", asked=late))


def test_old_data_says_what_is_for_ever(judge: Judge, licence: Document) -> None:
    licence.firm.send("REVOKED", AT - 30)
    licence.firm.answer(AT - 30)
    late = AT + 101
    assert judge.wrong(seen("INVALID", "REVOKED", asked=late)) == ""
    assert judge.wrong(seen("INDETERMINATE", "UNKNOWN", asked=late))


def test_an_edition_older_than_one_told_before_is_wrong(judge: Judge) -> None:
    assert "older than one before" in judge.wrong(replace(VALID, floor=AT + 1))


def test_an_edition_of_the_future_is_wrong(judge: Judge) -> None:
    assert "future" in judge.wrong(seen("VALID", "VALID", edition=AT + 5, asked=AT))


def test_a_verdict_must_have_been_made_during_its_call(judge: Judge) -> None:
    assert "outside the call" in judge.wrong(replace(VALID, checked_at=AT - 5))


def test_another_age_than_the_purposes_is_wrong(judge: Judge) -> None:
    assert "of age" in judge.wrong(replace(VALID, maximum=86_400.0))


@pytest.mark.parametrize("subject", [FORGED, TYPED])
def test_a_forged_scan_and_a_typed_code_are_never_valid(judge: Judge, subject: int) -> None:
    assert judge.wrong(replace(VALID, document=subject))
    assert judge.wrong(replace(seen("INVALID", "UNKNOWN"), document=subject)) == ""


def test_a_page_may_tell_what_the_live_register_says(judge: Judge, licence: Document) -> None:
    suspended(licence, AT + 50, AT + 50.1)
    later = replace(seen("INVALID", "SUSPENDED", asked=AT + 60), checked_at=None)
    assert judge.wrong(replace(later, way="page")) == ""
    assert judge.wrong(later)


def test_a_document_may_read_not_issued_until_it_was_answered(judge: Judge, truth: Truth) -> None:
    own = History(NOT_ISSUED)
    own.send("VALID", AT - 30)
    own.answer(AT - 20)
    new = truth.add("copy", "https://…", History("VALID"), own)
    early = replace(seen("INDETERMINATE", "UNKNOWN", edition=AT - 25), document=new.number)
    assert judge.wrong(early) == ""
    assert judge.wrong(replace(early, edition_from=AT, edition_until=AT))


def test_data_of_before_a_firm_was_founded_knows_nothing_of_it(judge: Judge, truth: Truth) -> None:
    firm, own = History("VALID", AT - 30), History(NOT_ISSUED)
    own.send("VALID", AT - 29)
    own.answer(AT - 28)
    new = truth.add("licence", "https://…", firm, own)
    early = replace(seen("INDETERMINATE", "UNKNOWN", edition=AT - 40), document=new.number)
    assert judge.wrong(early) == ""
    assert judge.wrong(replace(early, outcome="VALID", status="VALID"))


class TestTally:
    """What is told in the end."""

    @pytest.fixture
    def tally(self, judge: Judge) -> Tally:
        return Tally(judge, [("partner/flood", "RESOURCE_EXHAUSTED")])

    def test_a_wrong_verdict_is_told_with_what_is_true(self, tally: Tally) -> None:
        tally.add([Call("unary", "partner/icbank", AT, AT + 1, 1, verdicts=(INVALID_SUSPENDED,))])
        tally.judge()
        assert tally.wrongs == 1
        assert "INVALID SUSPENDED instead of VALID VALID" in tally.wrong[0]
        assert "kind='licence'" in tally.wrong[0]

    def test_a_verdict_is_counted_and_its_time_too(self, tally: Tally) -> None:
        tally.add([Call("unary", "partner/icbank", AT, AT + 0.25, 1, verdicts=(VALID,))])
        tally.judge()
        assert (tally.wrong, tally.answered) == ([], {"partner/icbank": 1})
        assert tally.lines["unary", "partner/icbank"].quantile(0.99) == 250

    @pytest.mark.parametrize(
        ("caller", "error", "wrongs"),
        [
            ("partner/flood", "RESOURCE_EXHAUSTED QUOTA_EXCEEDED", 0),
            ("partner/icbank", "RESOURCE_EXHAUSTED QUOTA_EXCEEDED", 1),
            ("partner/flood", "UNAVAILABLE gone", 1),
        ],
    )
    def test_only_who_floods_may_be_turned_away(
        self, tally: Tally, caller: str, error: str, wrongs: int
    ) -> None:
        tally.add([Call("unary", caller, AT, AT + 1, 0, error=error)])
        tally.judge()
        assert tally.wrongs == wrongs

    def test_an_item_that_was_refused_in_a_batch_is_wrong(self, tally: Tally) -> None:
        tally.add([Call("batch", "partner/icbank", AT, AT + 1, 0, refused=2)])
        tally.judge()
        assert tally.wrongs == 1

    def test_a_verdict_waits_until_the_acts_of_its_time_are_put_down(self, tally: Tally) -> None:
        tally.add([Call("unary", "partner/icbank", AT, AT + 1, 1, verdicts=(VALID,))])
        tally.judge(AT)
        assert tally.calls == 0
        tally.judge()
        assert tally.calls == 1
