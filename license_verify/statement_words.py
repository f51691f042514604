"""What a check of a premises statement found, in words for a clerk, Chinese and English."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from license_verify.reasons import Reason
from license_verify.statement_check import StatementVerdict
from license_verify.token.claims import BEIJING
from license_verify.verdict import Outcome

Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class StatementText:
    """One language's words."""

    headline: str
    sentence: str
    next_step: str


_HEADLINES: Final[dict[Outcome, Pair]] = {
    Outcome.VALID: ("清单有效", "The list is in force"),
    Outcome.INVALID: ("清单不能采信", "Do not rely on the list"),
    Outcome.INDETERMINATE: ("无法确认", "Cannot be established"),
}
_IN_FORCE: Final[Pair] = (
    "清单真实，是现行版本；不在清单上的地址，截至数据日期没有备案。",
    "The list is genuine and the current one; an address not on it was not filed as of the data.",
)
_SENTENCES: Final[dict[Reason, Pair]] = {
    Reason.STATEMENT_SUPERSEDED: (
        "清单真实，但已有新版；经营场所或执照登记事项此后有变动。",
        "The list is genuine, but a later one took its place: places or the licence changed since.",
    ),
    Reason.STATEMENT_OF_DORMANT: (
        "清单真实，但该主体正在歇业，无法确认清单是否仍为现行版本。",
        "The list is genuine, but the firm is dormant, so whether it still holds is not known.",
    ),
    Reason.STATUS_INVALID: (
        "登记机关没有使此清单生效，不能采信。",
        "The registrar never put this list into force.",
    ),
    Reason.STATUS_REVOKED: (
        "该主体已被吊销营业执照，清单失效。",
        "The firm's licence was revoked; the list is void.",
    ),
    Reason.STATUS_DEREGISTERED: (
        "该主体已注销，清单失效。",
        "The firm was deregistered; the list is void.",
    ),
    Reason.STATUS_ANNULLED: (
        "该主体的登记已被撤销，清单失效。",
        "The firm's registration was annulled; the list is void.",
    ),
    Reason.STATUS_LOST_VOID: (
        "此清单已声明作废。",
        "The list was declared void.",
    ),
    Reason.NOT_YET_VALID: (
        "清单的签发时间晚于本机时钟，请先校准时钟。",
        "The list is dated after this device's clock; set the clock first.",
    ),
    Reason.CLOCK_BEHIND_DATA: (
        "清单真实，但本机时钟早于数据的签发时间，无法判断数据新旧。",
        "The list is genuine, but this device's clock is behind its data.",
    ),
    Reason.LIST_PREDATES_TOKEN: (
        "清单真实，但签发晚于本机数据，数据中尚无其状态。",
        "The list is genuine, but younger than the data at hand, which cannot know it yet.",
    ),
    Reason.LIST_UNKNOWN: (
        "清单真实，但本机数据中没有它的状态。",
        "The list is genuine, but its status is not among the data at hand.",
    ),
    Reason.STATUS_UNKNOWN_VALUE: (
        "清单真实，但其状态值本机版本不能识别。",
        "The list is genuine, but this version does not know the value of its status.",
    ),
}
_STALE: Final[Pair] = (
    "清单真实，但本机数据过旧，无法确认清单是否仍为现行版本。",
    "The list is genuine, but the data at hand is too old to say whether it still holds.",
)
_USE: Final[Pair] = (
    "请与所查地址逐字核对；清单只证明备案，不证明出示人。",
    "Compare the address word by word; the list proves the filing, not who shows it.",
)
_NEWER: Final[Pair] = (
    "请当事人或登记机关提供最新的经营场所清单。",
    "Ask the firm or the registrar for the current list.",
)
_REFRESH: Final[Pair] = (
    "请联网更新核验数据后重试，或向登记机关查询。",
    "Go online, update the data and try again, or ask the registrar.",
)
_STEPS: Final[dict[Outcome, Pair]] = {
    Outcome.VALID: _USE,
    Outcome.INVALID: _NEWER,
    Outcome.INDETERMINATE: _REFRESH,
}
_TEST: Final[Pair] = ("【测试】", "[TEST] ")


def words_for(verdict: StatementVerdict) -> tuple[StatementText, StatementText]:
    """The words of a check, in Chinese and in English."""
    said = _SENTENCES.get(verdict.reason, _STALE)
    if verdict.outcome is Outcome.VALID:
        said = _IN_FORCE
    test = _TEST if verdict.environment not in ("", "production") else ("", "")
    about = _about(verdict)
    chinese, english = (
        StatementText(
            test[language] + _HEADLINES[verdict.outcome][language],
            about[language] + said[language],
            _STEPS[verdict.outcome][language],
        )
        for language in (0, 1)
    )
    return chinese, english


def _about(verdict: StatementVerdict) -> Pair:
    statement = verdict.statement
    at = statement.issued_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    count = len(statement.premises)
    places = f"{count} place{'s' if count != 1 else ''}"
    return (
        f"{statement.uscc} 的第{statement.version}版经营场所清单，{at}（北京时间）签发，"
        f"载明经营场所{count}处，对应第{statement.face_version}版登记事项。",
        f"Premises statement {statement.version} of {statement.uscc}, issued {at} (Beijing), "
        f"lists {places} and belongs to version {statement.face_version} of the face. ",
    )
