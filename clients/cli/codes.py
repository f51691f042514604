"""Codes as they come at a counter: typed, scanned, or asked for."""

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from clients import exits
from clients.cli.asking import ask_until, somebody_there
from clients.cli.say import errors, plain
from clients.sdk import names
from license_verify.codes.uscc import InvalidUscc, Uscc

if TYPE_CHECKING:
    from clients.cli.session import Session
    from clients.cli.verdicts import Shown

CODE_QUESTION: Final = "请扫描或输入统一社会信用代码"
PLACE_QUESTION: Final = "请扫描场所码，或输入“统一社会信用代码/场所编号”"
_OLD_NUMBER: Final = 15
"""Digits of a 注册号."""


def tidied(text: str) -> str:
    """`text` without white space, full-width characters made narrow; letters as they are."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read_code(session: "Session", given: str) -> str:
    """The code of a business, from the line or asked for on a terminal.

    A code given on the line is the registry's to judge; one typed at the prompt is checked at
    once, since it was just typed.

    Raises:
        Failure: nothing given and nobody to ask, or a scan that proves nothing.
    """
    if given:
        return _code(session, given)
    if not somebody_there():
        raise exits.Failure(
            "CODE is missing: give a 统一社会信用代码 or a scanned code",
            exit_code=exits.USAGE,
            zh="缺少统一社会信用代码",
        )
    return ask_until(CODE_QUESTION, lambda text: _checked(_code(session, text)))


def read_place(session: "Session", given: str) -> str:
    """Resource name of a filed place: `CODE/N`, `CODE-N`, the scan of a site code, or asked for.

    Raises:
        Failure: as `read_code`, or no place is named.
    """
    if given:
        return _place(session, given)
    if not somebody_there():
        raise exits.Failure(
            "PLACE is missing: give CODE/N or a scanned site code",
            exit_code=exits.USAGE,
            zh="缺少经营场所编号",
        )
    return ask_until(PLACE_QUESTION, lambda text: _place(session, text))


def named(text: str, collection: str) -> str:
    """Resource name from the short form `CODE/N`, spaces and lower case tolerated; names are kept.

    Raises:
        Failure: it is neither.
    """
    text = tidied(text)
    name = names.whole(text if text.startswith("entities/") else text.upper(), collection)
    if not name.startswith("entities/"):
        raise exits.Failure(
            f"{text!r}: write CODE/N, as the lists show it",
            exit_code=exits.USAGE,
            zh=f"“{text}”应写成“统一社会信用代码/编号”",
        )
    return name


def _code(session: "Session", text: str) -> str:
    text = tidied(text)
    if "://" in text:
        uscc: str = _scanned(session, text)["uscc"]
        return uscc
    return text if text.startswith("entities/") else text.upper()


def _checked(code: str) -> str:
    if len(code) == _OLD_NUMBER and code.isdigit():
        return code
    try:
        return Uscc.parse(code).text
    except InvalidUscc as error:
        raise exits.Failure(f"{code!r}: {error}", zh=error.zh) from error


def _place(session: "Session", text: str) -> str:
    text = tidied(text)
    if "://" in text:
        face = _scanned(session, text)
        if not face["site"]:
            raise exits.Failure(
                "this is a licence, not the code of a place; add the number: CODE/N",
                zh=f"这是营业执照（{face['uscc']}），不是场所码，请输入“代码/场所编号”",
            )
        return f"{names.entity(face['uscc'])}/premises/{face['site']}"
    return named(text.replace("-", "/") if "/" not in text else text, "premises")


def _scanned(session: "Session", scan: str) -> "dict[str, Any]":
    """The face of a scanned code, whose signature the verifying service has proved.

    Raises:
        Failure: it proves nothing; nothing in it is believed.
    """
    from clients.cli.verdicts import from_service

    with session.verifier() as verifier:
        shown = from_service(verifier.verify_scan(scan.lower()))
    proved = any(each.name == "SIGNATURE" and each.result == "PASSED" for each in shown.checks)
    if not proved or shown.face is None:
        raise exits.Failure(
            f"the scan is not believed: {shown.en.sentence} {shown.en.next_step}".rstrip(),
            exit_code=exits.INVALID if shown.outcome == "INVALID" else exits.INDETERMINATE,
            zh=f"扫描的二维码未通过验签，不采用其内容：{shown.zh.headline}，{shown.zh.sentence}",
        )
    _tell_scan(shown)
    return shown.face


def _tell_scan(shown: "Shown") -> None:
    face = shown.face or {}
    colour = "green" if shown.outcome == "VALID" else "yellow"
    site = f"，第 {face['site']} 号场所" if face["site"] else ""
    told = f"已扫描：{face['name']} {face['uscc']}{site}，{shown.zh.headline}"
    errors().print(f"[{colour}]{plain(told)}[/]")
