"""Tables of sentences for `words`: (Chinese, English) for every status and every reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from license_verify.reasons import Reason
from license_verify.verdict import DocumentStatus

Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """Headline, sentence and next step, each in Chinese and English."""

    headline: Pair
    sentence: Pair
    next_step: Pair


_INVALID: Final[Pair] = ("无效", "Not valid")
_UNREADABLE: Final[Pair] = ("无法识别", "Cannot be read")
_UNSURE: Final[Pair] = ("无法确认", "Cannot be established")

_RESCAN: Final[Pair] = (
    "请重新扫描执照上的二维码；仍不能识别的，请当事人出示最新电子营业执照。",
    "Scan the code on the licence again; if it still fails, ask for the current e-licence.",
)
_REJECT: Final[Pair] = (
    "请勿采信，并请向登记机关或市场监管部门反映。",
    "Do not rely on it, and report it to the registrar or the market regulator.",
)
_REFRESH: Final[Pair] = (
    "请联网更新核验数据后重试。",
    "Go online, update the data and try again.",
)
_CURRENT: Final[Pair] = (
    "请当事人出示最新的营业执照。",
    "Ask for the current licence.",
)
_ASK_REGISTRAR: Final[Pair] = (
    "请勿凭此办理业务；如有疑问，请向登记机关查询。",
    "Do not act on it; ask the registrar if in doubt.",
)
_ASK_LIVE: Final[Pair] = (
    "请联网向登记系统查询后重试。",
    "Ask the live register and try again.",
)
_NEW_STATEMENT: Final[Pair] = (
    "请当事人出示该主体最新的经营场所清单，或联网向登记系统查询。",
    "Ask for the entity's current premises statement, or ask the live register.",
)
_HOLDER_NEXT: Final[Pair] = (
    "办理业务前，请另行核对出示人的身份和权限。",
    "Before acting on it, check who the person is and what they may do.",
)

STATUSES: Final = {
    DocumentStatus.VALID: Wording(
        ("有效", "Valid"),
        ("证照真实，当前有效。", "The document is genuine and in force."),
        _HOLDER_NEXT,
    ),
    DocumentStatus.SUSPENDED: Wording(
        ("有效（歇业中）", "Valid (dormant)"),
        (
            "证照真实；该主体处于歇业状态，本用途可以接受。",
            "The document is genuine; the entity is dormant, which this purpose accepts.",
        ),
        _HOLDER_NEXT,
    ),
    DocumentStatus.SUPERSEDED: Wording(
        ("主体存续，证照已换发", "The firm exists; this version was replaced"),
        (
            "证照真实，但不是最新版本；该主体仍然存续，本用途可以接受。",
            "The document is genuine but not the newest version; the firm exists, "
            "and this purpose accepts that.",
        ),
        _CURRENT,
    ),
    DocumentStatus.UNKNOWN: Wording(
        _UNSURE,
        ("未能确认证照状态。", "The document's status could not be established."),
        _REFRESH,
    ),
}
"""For the reasons that say nothing by themselves: OK and STATUS_ACCEPTED."""

VALID_AS_OF: Final = Wording(
    ("当日有效", "Valid on that day"),
    (
        "证照真实，在所查日期有效。",
        "The document is genuine and was in force on the day asked about.",
    ),
    (
        "这不是当前状态；要确认现在是否有效，请不填日期重新核验。",
        "This is not its present status: check again without a date for that.",
    ),
)
"""For VALID on another day than today."""

LIQUIDATING: Final[Pair] = ("该主体正在清算。", " The entity is in liquidation.")
"""Beside whatever a verdict says: 清算 is no status of a document."""


def _bad(zh: str, en: str, step: Pair = _REJECT, headline: Pair = _INVALID) -> Wording:
    return Wording(headline, (zh, en), step)


def _unread(zh: str, en: str) -> Wording:
    return Wording(_UNREADABLE, (zh, en), _RESCAN)


def _unsure(zh: str, en: str, step: Pair = _REFRESH) -> Wording:
    return Wording(_UNSURE, (zh, en), step)


REASONS: Final = {
    Reason.NOT_REACHED: _unsure("未能完成核验。", "The checks could not be completed.", _RESCAN),
    # READ
    Reason.SCAN_MALFORMED: _unread(
        "扫描内容不是本系统的证照二维码。", "The text is not one of this system's codes."
    ),
    Reason.SCAN_TOO_LONG: _unread("扫描内容过长。", "The text is too long to be a code."),
    Reason.SCHEME_REFUSED: _unread(
        "网址不是以小写 https:// 开头。", "The address does not begin with https:// in lower case."
    ),
    Reason.HOST_MALFORMED: _unread(
        "网址中的主机名不合规范。", "The host name in the address is malformed."
    ),
    Reason.DIGITS_TOO_MANY: _unread("二维码数字过长。", "The code has too many digits."),
    Reason.DIGITS_MALFORMED: _unread(
        "网址后有数字以外的内容，或数字不完整。",
        "There is something else than digits behind the host.",
    ),
    Reason.FOREIGN_CODE: Wording(
        ("非本系统二维码", "A code of another system"),
        (
            "这是国家电子营业执照或国家企业信用信息公示系统的二维码，本系统不能核验。",
            "This is a code of the national e-licence or publicity system, which cannot be "
            "checked here.",
        ),
        (
            "请用“电子营业执照”小程序扫码核验，或登录国家企业信用信息公示系统 "
            "www.gsxt.gov.cn 查询。",
            "Check it with the national e-licence app 电子营业执照, or at www.gsxt.gov.cn.",
        ),
    ),
    Reason.USCC_INVALID: Wording(
        ("代码有误", "The code is wrong"),
        (
            "统一社会信用代码或注册号校验不通过，可能输入有误。",
            "The credit code or registration number fails its check; it may be mistyped.",
        ),
        ("请对照执照重新输入。", "Type it again from the licence."),
    ),
    # FORMAT
    Reason.FORMAT_REFUSED: _unread("二维码数据不符合格式。", "The code's data breaks the format."),
    Reason.CBOR_REFUSED: _unread(
        "二维码数据不完整或不符合格式。", "The code's data is cut off or breaks the format."
    ),
    Reason.CBOR_TOO_LARGE: _unread("二维码数据过大。", "The code's data is beyond its limits."),
    Reason.COSE_REFUSED: _unread(
        "二维码的签名封装不符合格式。", "The code's signature envelope breaks the format."
    ),
    Reason.ALGORITHM_REFUSED: _bad(
        "二维码使用了不被接受的签名算法。", "The code is signed with an algorithm not accepted."
    ),
    Reason.SIGNATURE_HIGH_S: _bad(
        "二维码的签名形式被改动过。", "The form of the code's signature was altered."
    ),
    Reason.CLAIMS_REFUSED: _unread(
        "二维码所载事项不符合格式。", "What the code says breaks the format."
    ),
    # HOST
    Reason.HOST_DIFFERS: _bad(
        "二维码网址与签发时的网址不一致，可能是仿冒网站。",
        "The code stands on another host than its issuer wrote into it; the site may be a fake.",
    ),
    Reason.HOST_NOT_ACCEPTED: _bad(
        "二维码网址不在受信任的网址之列，可能是仿冒网站。",
        "The code's host is not among the accepted ones; the site may be a fake.",
    ),
    # KEY_TRUST
    Reason.TRUST_MISSING: _unsure(
        "本机尚无核验所需的已公布数据。", "This checker has no published data yet."
    ),
    Reason.ROLLBACK: _unsure(
        "取得的数据比本机已有的更旧，可能被人为回退。",
        "The data at hand is older than data seen before; somebody may have rolled it back.",
    ),
    Reason.KEY_UNKNOWN: _bad(
        "二维码不是由受信任的密钥签发。", "The code is not signed by a trusted key."
    ),
    Reason.KEY_WRONG_USE: _bad(
        "签名密钥不是证照签发密钥。", "The signing key is not one that signs documents."
    ),
    Reason.KEY_DISTRUSTED: _bad(
        "签发密钥已不被信任，其签发的全部二维码失效。",
        "The signing key is distrusted; all codes that it signed are void.",
        (
            "请当事人向登记机关申请换发证照。",
            "Ask the holder to have the document issued again by the registrar.",
        ),
    ),
    Reason.KEY_NOT_IN_ITS_TIME: _bad(
        "签发日期不在签名密钥的有效期内。", "The code is dated outside its key's time."
    ),
    Reason.ENVIRONMENT_MISMATCH: _bad(
        "这是测试系统的数据，不能作为真实证照。",
        "This is data of a test system and proves no real document.",
        (
            "请勿作为真实证照采信。",
            "Do not take it for a real document.",
        ),
    ),
    # SIGNATURE
    Reason.SIGNATURE_WRONG: _bad(
        "签名不符，二维码系伪造或被改动。",
        "The signature does not fit: the code is forged or altered.",
    ),
    # TIME
    Reason.EXPIRED: Wording(
        ("已过期", "Expired"),
        ("证照真实，但已超过有效期限。", "The document is genuine, but its term has ended."),
        _CURRENT,
    ),
    Reason.NOT_YET_VALID: Wording(
        ("尚未生效", "Not yet in force"),
        (
            "证照日期晚于核验所指的时间。",
            "The document is dated after the moment that was asked about.",
        ),
        ("请核对日期和本机时钟。", "Check the date and this device's clock."),
    ),
    Reason.CLOCK_BEHIND_DATA: _unsure(
        "本机时钟早于数据的签发时间，无法判断数据新旧。",
        "This device's clock is behind its data, so the data's age is unknown.",
        ("请校准本机时钟后重试。", "Set this device's clock and try again."),
    ),
    # STATUS
    Reason.STATUS_INVALID: _bad(
        "签发机关没有签发过此证照。", "The issuer never put this document into force."
    ),
    Reason.STATUS_SUSPENDED: Wording(
        ("歇业", "Dormant"),
        (
            "证照真实，该主体仍然存续，但正在歇业。",
            "The document is genuine and the firm exists, but it is dormant.",
        ),
        ("请向当事人了解恢复营业的时间。", "Ask the holder when business resumes."),
    ),
    Reason.STATUS_SUPERSEDED: Wording(
        ("已换发", "Replaced by a newer version"),
        (
            "证照真实，该主体仍然存续，但登记事项已变更，此证照不是最新版本。",
            "The document is genuine and the firm exists, but registered items changed and this "
            "is not the newest version.",
        ),
        _CURRENT,
    ),
    Reason.STATUS_REVOKED: Wording(
        ("已吊销", "Revoked"),
        (
            "该主体的营业执照已被依法吊销，不得从事经营活动。",
            "The firm's business licence was revoked as a penalty; it may not do business.",
        ),
        _ASK_REGISTRAR,
    ),
    Reason.STATUS_DEREGISTERED: Wording(
        ("已注销", "Deregistered"),
        ("该登记或备案已注销，证照失效。", "The registration has ended; the document is void."),
        _ASK_REGISTRAR,
    ),
    Reason.STATUS_ANNULLED: Wording(
        ("已撤销", "Annulled"),
        (
            "该登记或备案已被依法撤销，证照自始不应作为凭证。",
            "The registration or filing was annulled; the document should never have been "
            "relied on.",
        ),
        _ASK_REGISTRAR,
    ),
    Reason.STATUS_LOST_VOID: Wording(
        ("已挂失作废", "Lost and void"),
        (
            "此证照已声明遗失作废。",
            "This document was reported lost and declared void.",
        ),
        _CURRENT,
    ),
    Reason.STATUS_UNKNOWN_VALUE: _unsure(
        "证照状态值本机版本不能识别。",
        "The status has a value that this version does not know.",
        ("请升级核验软件后重试。", "Update this checker and try again."),
    ),
    Reason.LIST_UNKNOWN: _unsure(
        "本机数据中没有此证照的状态列表。",
        "The status list of this document is not among the data at hand.",
    ),
    Reason.LIST_EXPIRED: _unsure("状态列表已过期。", "The status list has expired."),
    Reason.LIST_PREDATES_TOKEN: _unsure(
        "证照签发晚于本机数据，数据中尚无其状态。",
        "The document is younger than the data at hand, which cannot know it yet.",
    ),
    Reason.DATA_STALE: _unsure(
        "签名真实，但核验数据已超过本用途允许的时限，无法确认当前状态。",
        "The signature is genuine, but the data is older than this purpose allows, so the "
        "present status cannot be established.",
    ),
    Reason.LIVE_RECORD_STALE: _unsure(
        "登记系统的答复已超过本用途允许的时限，不能据以确认当前情况。",
        "The live register's answer is older than this purpose allows, so it establishes nothing.",
        _ASK_LIVE,
    ),
    Reason.AS_OF_NOT_KNOWN: _unsure(
        "所查日期的状态需向登记系统实时查询，现未取得。",
        "The state on that date needs the live register, which did not answer for it.",
        _ASK_LIVE,
    ),
    Reason.AS_OF_BEFORE_RECORD: _unsure(
        "所查日期早于登记系统对该主体的记录，无法确认当日状态。",
        "The date lies before what the register knows of this entity, so its state on that day "
        "cannot be established.",
        (
            "请向登记机关查阅该主体的登记档案。",
            "Ask the registrar for the entity's registration file.",
        ),
    ),
    Reason.AS_OF_NOT_YET: Wording(
        ("当日尚未登记", "Not yet registered on that day"),
        (
            "在所查日期，该主体尚未登记。",
            "On the date asked about the entity was not registered yet.",
        ),
        ("请核对所查日期。", "Check the date."),
    ),
    Reason.AS_OF_IN_FUTURE: _unsure(
        "所查日期在将来，无从确认。",
        "The date lies in the future; nobody can know the state on it.",
        ("请核对所查日期。", "Check the date."),
    ),
    Reason.AS_OF_LOST_SINCE: _unsure(
        "此证照现已挂失作废，自何日起作废无从确认，不能据以确认所查日期的状态。",
        "The document is lost and void now; since which day cannot be told, so its state on the "
        "date asked about cannot be established.",
        _CURRENT,
    ),
    Reason.LIVE_RECORD_REQUIRED: _unsure(
        "本用途须向登记系统实时核对，现未取得答复。",
        "This purpose demands the live register's answer, and there is none.",
        _ASK_LIVE,
    ),
    # PLACE
    Reason.PLACE_NOT_ASKED: _unsure(
        "本用途需核对经营地址，但未提供地址。",
        "This purpose compares an address, and none was given.",
        ("请提供要核对的地址后重试。", "Give the address and try again."),
    ),
    Reason.PLACE_NOT_FILED: _bad(
        "证照真实，但该地址不在其登记或备案的经营场所之列。",
        "The document is genuine, but the address is not among its registered or filed places.",
        (
            "请核对地址；确在此经营的，请当事人办理经营场所备案。",
            "Check the address; if it does business there, the firm must file the place.",
        ),
        ("地址未备案", "Address not filed"),
    ),
    Reason.PLACE_ENDED: _bad(
        "该经营场所的备案已终止。",
        "The filing of this place has ended.",
        _ASK_REGISTRAR,
        ("备案已终止", "Filing ended"),
    ),
    Reason.PLACE_NEEDS_LIVE_RECORD: _unsure(
        "该地址不是证照所载地址，是否为备案场所需向登记系统实时查询，现未取得。",
        "The address is not the one on the document; whether it is filed needs the live "
        "register, which did not answer.",
        _ASK_LIVE,
    ),
    Reason.PLACE_NOT_ON_STATEMENT: _unsure(
        "该地址不在所持经营场所清单上；清单签发之后是否新备案，需向登记系统实时查询。",
        "The address is not on the premises statement at hand; whether it was filed since needs "
        "the live register.",
        _ASK_LIVE,
    ),
    Reason.STATEMENT_OF_ANOTHER: _unsure(
        "所持经营场所清单属于另一主体，未予采用。",
        "The premises statement at hand is about another entity; it was not used.",
        _NEW_STATEMENT,
    ),
    Reason.STATEMENT_SUPERSEDED: _unsure(
        "所持经营场所清单已有新版，不能据以确认经营地址。",
        "A later list took the place of the premises statement at hand; it proves no place.",
        _NEW_STATEMENT,
    ),
    Reason.STATEMENT_OF_DORMANT: _unsure(
        "该主体正在歇业，无法据清单确认经营地址。",
        "The firm is dormant; the statement at hand cannot establish its places.",
        _ASK_LIVE,
    ),
    Reason.RECORD_OF_ANOTHER: _unsure(
        "登记系统返回的记录与此证照不符，未予采用。",
        "The live register answered about another entity or date; its answer was not used.",
    ),
    # A typed subject
    Reason.NO_LICENSE_PRESENTED: Wording(
        ("仅为代码查询", "Code looked up only"),
        (
            "登记系统有此代码的主体；但输入代码不能证明持有执照。",
            "The register knows this code; but a typed code proves no licence.",
        ),
        (
            "需要核验执照的，请扫描执照上的二维码。",
            "To verify a licence, scan the code on it.",
        ),
    ),
    Reason.SUBJECT_NEEDS_LIVE_RECORD: Wording(
        _UNSURE,
        (
            "仅凭输入的代码不能核验，登记系统未返回该代码的记录。",
            "A typed code alone cannot be verified, and the live register gave no record of it.",
        ),
        (
            "请扫描执照上的二维码，或联网后重试。",
            "Scan the code on the licence, or go online and try again.",
        ),
    ),
}
"""By the reason that decided a verdict."""

SILENT: Final[Mapping[Reason, Pair]] = {
    Reason.OK: ("检查通过。", "The check passed."),
    Reason.STATUS_ACCEPTED: (
        "状态不是有效，但本用途可以接受。",
        "The status is not VALID, but this purpose accepts it.",
    ),
    Reason.PLACE_IS_DOMICILE: (
        "该地址就是登记的住所（经营场所）。",
        "The address is the registered domicile.",
    ),
    Reason.PLACE_IS_SITE: (
        "该地址就是场所码所载的经营场所。",
        "The address is that of the site code.",
    ),
    Reason.PLACE_FILED: (
        "该地址在登记系统的备案经营场所之列。",
        "The live register has the address among the filed places.",
    ),
    Reason.PLACE_ON_STATEMENT: (
        "该地址在有效的经营场所清单上。",
        "A premises statement in force has the address.",
    ),
    Reason.LOG_NOT_KEPT: ("尚无签发日志可查。", "There is no issuance log yet."),
    Reason.HOLDER_NOT_CHECKED: (
        "未核对出示人：只证明执照，不证明出示人。",
        "The person was not checked: this proves the licence, not who shows it.",
    ),
}
"""Reasons that stand beside a check and never decide a verdict."""
