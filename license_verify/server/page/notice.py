"""Pages without a verdict: what this host is, and what is wrong with an address."""

from dataclasses import dataclass
from typing import Final

from license_verify import limits
from license_verify.server.page.both import Both


@dataclass(frozen=True, slots=True)
class Notice:
    """A page of a few sentences."""

    status: int
    headline: Both
    paragraphs: tuple[Both, ...]
    tone: str = "plain"


_RESCAN: Final = Both(
    "请对准完整的二维码重新扫描，不要手工输入或修改网址。",
    "Scan the whole symbol again; do not type or change the address.",
)
_NOTHING_SAID: Final = Both("本页没有核验任何执照。", "This page has not checked any licence.")

ABOUT: Final = Notice(
    200,
    Both("营业执照核验", "Business licence check"),
    (
        Both(
            "用手机相机扫描营业执照或经营场所码上的二维码，即可在此查看核验结果。",
            "Scan the symbol on a business licence or a site code with a phone's camera to see "
            "here whether it holds.",
        ),
        Both(
            "本页验证登记机关的数字签名和最新公布的状态，不需要安装软件，也不收集您的个人信息。",
            "It checks the registrar's signature and the latest published status. No app is "
            "needed, and nothing about you is collected.",
        ),
        Both(
            "核验结果只证明执照，不证明出示人。",
            "A result proves the licence, not the person who shows it.",
        ),
    ),
)
NOT_FOUND: Final = Notice(
    404,
    Both("没有这个网页", "No such page"),
    (
        Both(
            "本站的网址是主机名后接一长串数字，由扫描二维码得到。",
            "Addresses here are the host followed by a long row of digits, as scanned.",
        ),
        _RESCAN,
        _NOTHING_SAID,
    ),
)
NOT_DIGITS: Final = Notice(
    400,
    Both("二维码内容有误", "Not the text of a symbol"),
    (
        Both(
            "网址中的数字后面混入了其他字符，可能是扫描不完整或被改动。",
            "Something other than digits stands in the address: it was cut off or changed.",
        ),
        _RESCAN,
        _NOTHING_SAID,
    ),
    tone="bad",
)
NOT_A_DAY: Final = Notice(
    400,
    Both("日期有误", "Not a day"),
    (
        Both(
            "所查日期应写作 as_of=2026-03-01。",
            "The day asked about is written as as_of=2026-03-01.",
        ),
        _NOTHING_SAID,
    ),
)
NOT_TEXT: Final = Notice(
    400,
    Both("网址编码有误", "The address is not readable text"),
    (
        Both("网址中有无法识别的字符编码。", "The address holds bytes that are not UTF-8 text."),
        _RESCAN,
        _NOTHING_SAID,
    ),
    tone="bad",
)
TOO_LONG: Final = Notice(
    414,
    Both("网址过长", "The address is too long"),
    (
        Both(
            f"数字超过 {limits.DIGITS} 位，不是本系统的二维码。",
            f"More than {limits.DIGITS} digits: no symbol of this system holds as many.",
        ),
        _RESCAN,
        _NOTHING_SAID,
    ),
    tone="bad",
)
NO_DATA: Final = Notice(
    503,
    Both("尚无已公布的数据", "Nothing published is at hand yet"),
    (
        Both(
            "本节点尚未从登记系统取得数据，请稍后再试。",
            "This node has not received any data from the registry yet; try again later.",
        ),
    ),
    tone="unsure",
)
ONLY_CWT: Final = Notice(
    406,
    Both("没有所要求的格式", "Not in that format"),
    (
        Both(
            "状态列表只有 CWT 格式（application/statuslist+cwt）。",
            "Status lists are in CWT form alone (application/statuslist+cwt).",
        ),
    ),
)
NO_HISTORY: Final = Notice(
    501,
    Both("不提供历史状态", "No lists of the past"),
    (
        Both(
            "此处只提供当前的状态列表，请去掉参数 time。",
            "The list is given as it is now; leave the parameter time out.",
        ),
    ),
)
NO_HOST: Final = Notice(
    400,
    Both("请求缺少主机名", "The request names no host"),
    (Both("请用浏览器打开二维码中的网址。", "Open the scanned address in a browser."),),
)
ONLY_READ: Final = Notice(
    405,
    Both("本页只供查看", "This page is for reading"),
    (Both("请用浏览器打开二维码中的网址。", "Open the scanned address in a browser."),),
)
FAILED: Final = Notice(
    500,
    Both("核验服务出错", "The check failed"),
    (
        Both(
            "本次没有得出核验结果，请稍后重试。",
            "No result was reached. Try again in a moment.",
        ),
        _NOTHING_SAID,
    ),
    tone="unsure",
)
