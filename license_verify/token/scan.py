"""The scan text `https://HOST/DIGITS`, and codes of other systems that people also scan."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from license_verify import limits
from license_verify.token import digits as decimal
from license_verify.token.errors import (
    DigitsMalformed,
    ForeignCode,
    HostMalformed,
    ScanRefused,
    ScanTooLong,
    SchemeRefused,
)

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DNS_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_LOOPBACK: Final = re.compile(
    r"(?:localhost|127\.0\.0\.1|\[::1\])(?::([1-9][0-9]{0,4}))?", re.ASCII
)
_SCHEMES: Final = ("https", "http")
_PUBLICITY: Final = ".gsxt.gov.cn"
_PUBLICITY_HOST: Final = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*gsxt\.gov\.cn(?=[/:?#]|$)", re.ASCII | re.IGNORECASE
)
# The national display link carries a serial `code-SAIC_SHOW_…` and its signature.
_E_LICENSE: Final = re.compile(r"SAIC_[A-Z_]+|[?&]serial=[^&]+&signData=", re.ASCII)


def is_loopback(host: str) -> bool:
    """Whether a host, with or without port, is this machine itself."""
    found = _LOOPBACK.fullmatch(host)
    return found is not None and int(found[1] or 0) < 65_536


@lru_cache(maxsize=256)
def is_host(host: str) -> bool:
    """Whether a host may stand in a token: a lower-case DNS name, or loopback with any port."""
    return is_loopback(host) or (len(host) <= 253 and _DNS_NAME.fullmatch(host) is not None)


@dataclass(frozen=True, slots=True)
class ScanText:
    """A scan text, split. `str()` gives what a symbol holds."""

    host: str
    data: bytes
    """The token, not yet looked into."""
    scheme: str = "https"

    @classmethod
    def of(cls, host: str, token: bytes) -> Self:
        """The text that a symbol on `host` prints for a token.

        Raises:
            HostMalformed: the host may not stand in a token.
            DigitsTooMany, DigitsMalformed: the token does not fit digits.
        """
        if not is_host(host):
            raise HostMalformed(f"{host!r} is not a lower-case host name", host=host)
        decimal.encode(token)
        return cls(host, token)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a scan text exactly: one token has one text.

        Raises:
            ScanTooLong, ForeignCode, SchemeRefused, HostMalformed: by what is wrong.
            DigitsMalformed: anything but digits behind the host, a query string too.
            DigitsTooMany: more digits than a token has.
            ScanRefused: not such an address at all.
        """
        if len(text) > limits.SCAN_CHARACTERS:
            raise ScanTooLong(
                f"the text has {len(text)} characters, more than {limits.SCAN_CHARACTERS}",
                zh="扫描内容过长",
                limit=limits.SCAN_CHARACTERS,
            )
        scheme, _, rest = text.partition("://")
        host, slash, digits = rest.partition("/")
        # What the host may hold, neither a question mark nor a hash, is_host says.
        ours = slash and is_host(host) and not f".{host}".endswith(_PUBLICITY)
        if scheme not in _SCHEMES or not ours:
            raise _what_else(text)
        if scheme == "http" and not is_loopback(host):
            raise SchemeRefused("http:// is for this machine alone", zh="网址应以 https:// 开头")
        return cls(host, decimal.decode(digits), scheme)

    @property
    def digits(self) -> str:
        """The token as decimal digits."""
        return decimal.encode(self.data)

    @property
    def origin(self) -> str:
        """Scheme and host; `http://` for loopback alone, where the signed status URI says so too.

        So one token has one text, also on a developer's machine.
        """
        return f"{self.scheme}://{self.host}"

    def __str__(self) -> str:
        return f"{self.origin}/{self.digits}"


def _foreign(system: str) -> ForeignCode:
    return ForeignCode(
        f"this is a code of the national {system} system, to be checked there",
        zh="这是国家电子营业执照或公示系统的二维码，请用相应系统核验",
        system=system,
    )


def _what_else(text: str) -> ScanRefused:
    """Why a text is not `https://HOST/DIGITS`, as exactly as can be said."""
    if _E_LICENSE.search(text):
        return _foreign("e-licence")
    if _PUBLICITY_HOST.match(text):
        return _foreign("publicity")
    if not text.startswith(("https://", "http://")):
        if "://" in text[:12]:
            return SchemeRefused(
                "the text begins with https:// in lower case", zh="网址应以小写 https:// 开头"
            )
        return ScanRefused("the text is not https://HOST/DIGITS", zh="不是本系统的二维码内容")
    host, slash, _ = text.split("://", 1)[1].partition("/")
    if not slash or not host:
        return ScanRefused("the text is not https://HOST/DIGITS", zh="不是本系统的二维码内容")
    if not is_host(host):
        return HostMalformed(
            "the host is not a lower-case name, or has a port outside this machine",
            zh="网址中的主机名不合规范",
        )
    return DigitsMalformed(
        "behind the host come the digits 0-9 only, the first not zero, and nothing else",
        zh="网址后应只有数字",
    )
