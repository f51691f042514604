"""The table of codes: what each is, how it is asked about, and what comes out."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

from clients.integrators import firms, system
from clients.integrators.firms import licence, shop
from clients.integrators.keys import with_high_s
from clients.integrators.system import BAD, HOST, OTHER_HOST, scan_of, signed
from license_verify import Status, limits, verify
from license_verify.receipt import Asked, Receipt
from license_verify.receipt_document import sign_receipt
from license_verify.token import cbor, cose
from license_verify.token.claims import Claims, status_uri

Kind = Literal["scan", "uscc"]


@dataclass(frozen=True, slots=True)
class Expected:
    """What comes out of a check."""

    outcome: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code."""

    name: str
    zh: str
    en: str
    text: str
    """What a scanner reads, or a person types."""
    expected: Expected
    """With data that is fresh, under `purpose`."""
    kind: Kind = "scan"
    purpose: str = "general"
    address: str = ""
    """Claimed, where the code is about places."""
    live: Expected | None = None
    """What a node says that publishes anew each minute, where it is not the same."""


def codes() -> tuple[Code, ...]:
    """All of them, in the order of the page."""
    parts = (_good, _statuses, _times, _keys, _altered, _forms, _texts, _asked)
    return tuple(code for part in parts for code in part())


def _good() -> tuple[Code, ...]:
    valid = Expected("VALID", "VALID", "OK")
    retired = signed(licence(), system.RETIRED)
    return (
        Code("licence", "营业执照，有效", "A licence in force", _scan(licence()), valid),
        Code("site", "经营场所码，有效", "A shop's code in force", _scan(shop()), valid),
        Code("original", "纸质正本", "The 正本 on paper", _copy(0, system.ORIGINAL), valid),
        Code("copy", "纸质副本 1", "副本 1 on paper", _copy(1, system.COPY), valid),
        Code("household", "个体工商户，无字号", "A household without a name",
             _scan(firms.household()), valid),
        Code("long-name", "名称过长，印有摘要", "Name and address as digests",
             _scan(firms.shortened()), valid),
        Code("term", "营业期限未满", "Within its term",
             _scan(firms.with_term(date(2046, 3, 3))), valid),
        Code("retired-key", "旧密钥在其有效期内签发", "Signed by a retired key in its time",
             scan_of(retired), valid),
    )  # fmt: skip


def _statuses() -> tuple[Code, ...]:
    said = {
        Status.INVALID: ("从未签发", "No such licence was issued"),
        Status.SUSPENDED: ("歇业", "The firm is dormant"),
        Status.SUPERSEDED: ("已换发新版本", "A newer version took its place"),
        Status.REVOKED: ("吊销", "Revoked"),
        Status.DEREGISTERED: ("注销", "Deregistered"),
        Status.ANNULLED: ("撤销", "Annulled"),
        Status.LOST_VOID: ("遗失作废", "Lost and void"),
    }
    each = tuple(
        Code(status.name.lower().replace("_", "-"), zh, en, _scan(licence(BAD[status])),
             Expected("INVALID", status.name, f"STATUS_{status.name}"))
        for status, (zh, en) in said.items()
    )  # fmt: skip
    nowhere = licence(uri=status_uri(HOST, 9))
    young = replace(licence(system.NEVER_ISSUED), issued_at=system.PUBLISHED_AT)
    unknown = "INDETERMINATE", "UNKNOWN"
    return (
        *each,
        Code("ended-site", "主体已注销的场所码", "The code of a shop whose firm ended",
             _scan(shop(system.ENDED_SITE)),
             Expected("INVALID", "DEREGISTERED", "STATUS_DEREGISTERED")),
        Code("unknown-status", "状态值未知", "A status that this version does not know",
             _scan(licence(system.UNKNOWN)), Expected(*unknown, "STATUS_UNKNOWN_VALUE")),
        Code("unknown-list", "状态列表不在数据包中", "Its status list is not in the data",
             _scan(nowhere), Expected(*unknown, "LIST_UNKNOWN")),
        Code("younger-than-data", "签发晚于数据包", "Issued after the data",
             _scan(young), Expected(*unknown, "LIST_PREDATES_TOKEN"),
             live=Expected("INVALID", "INVALID", "STATUS_INVALID")),
    )  # fmt: skip


def _times() -> tuple[Code, ...]:
    ended, late = firms.with_term(date(2026, 10, 31)), replace(licence(), issued_at=firms.LATE)
    both = firms.with_term(date(2026, 10, 31), BAD[Status.REVOKED])
    return (
        Code("expired", "营业期限已满", "Its term has ended", _scan(ended),
             Expected("INVALID", "EXPIRED", "EXPIRED")),
        Code("expired-and-revoked", "期满且已吊销", "Term ended, and revoked", _scan(both),
             Expected("INVALID", "REVOKED", "STATUS_REVOKED")),
        Code("not-yet-valid", "签发时间在未来", "Issued in the future", _scan(late),
             Expected("INVALID", "NOT_YET_VALID", "NOT_YET_VALID")),
    )  # fmt: skip


def _keys() -> tuple[Code, ...]:
    late = replace(licence(), issued_at=datetime(2026, 7, 1, tzinfo=UTC))
    elsewhere = licence(uri=status_uri(OTHER_HOST, 0))
    return (
        Code("unknown-key", "签发密钥未知", "Signed by a key of nobody",
             scan_of(signed(licence(), system.STRANGER)), _bad("KEY_UNKNOWN")),
        Code("wrong-use", "用状态密钥签发", "Signed by a key for status lists",
             scan_of(signed(licence(), system.STATUS)), _bad("KEY_WRONG_USE")),
        Code("distrusted-key", "签发密钥已被废止", "Signed by a distrusted key",
             scan_of(signed(licence(), system.DISTRUSTED)), _bad("KEY_DISTRUSTED")),
        Code("key-out-of-time", "密钥停用后签发", "Signed after its key was retired",
             scan_of(signed(late, system.RETIRED)), _bad("KEY_NOT_IN_ITS_TIME")),
        Code("other-host", "真码放在别的网站", "A true token on another host",
             _scan(licence()).replace(HOST, OTHER_HOST), _bad("HOST_DIFFERS", "VALID")),
        Code("host-not-accepted", "网站不被认可", "A host that the trust list lacks",
             scan_of(signed(elsewhere), OTHER_HOST), _bad("HOST_NOT_ACCEPTED")),
    )  # fmt: skip


def _altered() -> tuple[Code, ...]:
    token = signed(licence())
    forged = replace(licence(), face=replace(firms.FACE, person="王冒名"))
    payload = forged.encode()
    borrowed = cose.assemble(cose.protected_header(system.TOKEN.kid), payload, token[-64:])
    return (
        Code("misprint", "印错一位数字", "One digit misprinted", _misprinted(scan_of(token)),
             _bad("SIGNATURE_WRONG")),
        Code("forged-person", "篡改法定代表人", "The person was changed", scan_of(borrowed),
             _bad("SIGNATURE_WRONG")),
        Code("other-structure", "签名不按 COSE 结构计算", "Signed over header and claims alone",
             scan_of(_over_header_and_claims()), _bad("SIGNATURE_WRONG")),
        Code("high-s", "签名为另一形式", "The other half of the signature",
             scan_of(with_high_s(token)), _bad("SIGNATURE_HIGH_S")),
    )  # fmt: skip


def _over_header_and_claims() -> bytes:
    """A token whose signature leaves the Sig_structure out, as one library signed."""
    payload, key = licence().encode(), system.TOKEN
    header = cose.protected_header(key.kid)
    return cose.assemble(header, payload, key.sign(header + payload))


def _forms() -> tuple[Code, ...]:
    token, key = signed(licence()), system.TOKEN
    eddsa = cose.protected_header(key.kid, alg=-8)
    deep: cbor.Value = 1
    for _ in range(limits.CBOR_DEPTH + 2):
        deep = [deep]
    nested = cose.encode(cbor.encode(deep), kid=key.kid, sign=key.sign)
    fields = cbor.decode(licence().encode(), limits.TOKEN_BYTES)
    assert isinstance(fields, dict)  # noqa: S101 - a token's claims are a map
    fewer = cbor.encode({name: value for name, value in fields.items() if name != 6})
    return (
        Code("byte-behind", "尾部多一个字节", "A byte behind the token", scan_of(token + b"\0"),
             _bad("CBOR_REFUSED")),
        Code("long-tag", "编码不是最短形式", "A tag in two bytes",
             scan_of(b"\xd8\x12" + token[1:]), _bad("CBOR_REFUSED")),
        Code("too-deep", "嵌套过深", "Nested too deep", scan_of(nested), _bad("CBOR_TOO_LARGE")),
        Code("receipt", "把核验凭据当执照", "A receipt shown as a licence",
             scan_of(receipt_of_a_check()), _bad("COSE_REFUSED")),
        Code("other-algorithm", "签名算法不被接受", "Signed by another algorithm",
             scan_of(cose.assemble(eddsa, licence().encode(), token[-64:])),
             _bad("ALGORITHM_REFUSED")),
        Code("claim-missing", "缺少签发时间", "Without its time of issue",
             scan_of(cose.encode(fewer, kid=key.kid, sign=key.sign)), _bad("CLAIMS_REFUSED")),
    )  # fmt: skip


def receipt_of_a_check() -> bytes:
    """A receipt of a check of the first code, for partner/example."""
    trust = system.System().trust()
    verdict = verify(_scan(licence()), trust, system.PUBLISHED_AT)
    asked = Asked(partner="partner/example", purpose="general")
    content = Receipt.of(verdict, asked, UUID(int=0x018F_0000_0000_7000_8000_0000_0000_0001))
    return sign_receipt(content, kid=system.RECEIPT.kid, sign=system.RECEIPT.sign)


def _texts() -> tuple[Code, ...]:
    text = _scan(licence())
    digits = text.rpartition("/")[2]
    foreign = Expected("INDETERMINATE", "UNKNOWN", "FOREIGN_CODE")
    return (
        Code("other-text", "其他文字", "Some other text", "hello", _bad("SCAN_MALFORMED")),
        Code("too-long", "内容过长", "Longer than any code",
             "9" * (limits.SCAN_CHARACTERS + 1), _bad("SCAN_TOO_LONG")),
        Code("upper-case", "网址为大写", "The address in upper case",
             text.upper(), _bad("SCHEME_REFUSED")),
        Code("plain-http", "网址以 http:// 开头", "Without TLS",
             text.replace("https://", "http://"), _bad("SCHEME_REFUSED")),
        Code("port", "网址带端口", "A host with a port",
             text.replace(HOST, f"{HOST}:8443"), _bad("HOST_MALFORMED")),
        Code("too-many-digits", "数字过多", "More digits than a code has",
             f"https://{HOST}/{'9' * (limits.DIGITS + 1)}", _bad("DIGITS_TOO_MANY")),
        Code("query", "网址后附有参数", "Something behind the digits",
             f"https://{HOST}/{digits}?from=chat", _bad("DIGITS_MALFORMED")),
        Code("publicity", "国家公示系统的二维码", "A code of the publicity system",
             "http://www.gsxt.gov.cn/index.html?uniscid=" + firms.CODE, foreign),
        Code("e-licence", "国家电子营业执照的二维码", "A code of the national e-licence",
             "code-SAIC_SHOW_10000001&serial=0", foreign),
    )  # fmt: skip


def _asked() -> tuple[Code, ...]:
    text, suspended = _scan(licence()), _scan(licence(BAD[Status.SUSPENDED]))
    unknown = "INDETERMINATE", "UNKNOWN"
    return (
        Code("dormant-inspected", "歇业主体，现场检查可接受", "Dormant, for an inspection",
             suspended, Expected("VALID", "SUSPENDED", "STATUS_ACCEPTED"), purpose="inspection"),
        Code("at-domicile", "充电桩在住所", "A charger at the domicile", text,
             Expected("VALID", "VALID", "OK"), purpose="charging-point", address=firms.ADDRESS),
        Code("at-shop", "充电桩在扫描的门店", "A charger at the scanned shop", _scan(shop()),
             Expected("VALID", "VALID", "OK"), purpose="charging-point",
             address=firms.SHOP_ADDRESS),
        Code("place-not-established", "地址须联网查询", "A place that only the register knows",
             text, Expected("INDETERMINATE", "VALID", "PLACE_NEEDS_LIVE_RECORD"),
             purpose="charging-point", address=firms.OTHER_ADDRESS),
        Code("live-required", "用途要求实时登记信息", "A purpose that needs the register", text,
             Expected(*unknown, "LIVE_RECORD_REQUIRED"), purpose="investigation"),
        Code("typed-code", "手工输入的代码", "A typed code proves no licence", firms.CODE,
             Expected(*unknown, "NO_LICENSE_PRESENTED"), kind="uscc"),
        Code("mistyped-code", "代码输错一位", "A typed code with a wrong character",
             firms.MISTYPED, _bad("USCC_INVALID"), kind="uscc"),
    )  # fmt: skip


def _scan(claims: Claims) -> str:
    return scan_of(signed(claims))


def _copy(number: int, entry: int) -> str:
    return _scan(firms.copy(number, entry))


def _misprinted(text: str) -> str:
    return text[:-1] + str((int(text[-1]) + 1) % 10)


def _bad(reason: str, status: str = "UNKNOWN") -> Expected:
    return Expected("INVALID", status, reason)
