"""Templates to bytes, once compressed, with the headers that go with them.

All that the pages have in common, styles above all, is compressed once at the start; each answer
goes on from there. So it costs as much as its own few kilobytes.
"""

import base64
import hashlib
import zlib
from functools import lru_cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from license_verify.server.page.both import Both
from license_verify.server.page.notice import Notice
from license_verify.server.page.view import View

_PACKAGE: Final = "license_verify.server.page"
_LEVEL: Final = 6
_GZIP: Final = 16 + zlib.MAX_WBITS
_TYPE: Final = "text/html; charset=utf-8"


class Pages:
    """Renders the site's pages."""

    def __init__(self, *, test_system: bool) -> None:
        """`test_system` puts the banner 测试系统 on every page, whatever data is at hand."""
        self._test_system = test_system
        templates = Environment(
            loader=PackageLoader(_PACKAGE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        templates.filters["both"] = _both
        css = files(_PACKAGE).joinpath("templates/page.css").read_text(encoding="utf-8").strip()
        self._verdict = templates.get_template("verdict.html")
        self._notice = templates.get_template("notice.html")
        self._head = (templates.get_template("head.html").render(style=css) + "\n").encode()
        self._begun = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._begun_bytes = self._begun.compress(self._head)
        self._headers = {
            "Content-Security-Policy": _policy(css),
            "Cache-Control": "no-store",
            "Vary": "Accept-Encoding",
        }

    def verdict(self, request: Request, view: View) -> Response:
        """A verdict; 200 whatever it says, since the page did what was asked."""
        test_system = self._test_system or view.test_system
        text = self._verdict.render(view=view, test_system=test_system)
        return self._answer(request, text, 200)

    def notice(self, request: Request, notice: Notice) -> Response:
        """A page of a few sentences."""
        text = self._notice.render(notice=notice, test_system=self._test_system)
        return self._answer(request, text, notice.status)

    def _answer(self, request: Request, text: str, status: int) -> Response:
        content = text.encode("utf-8")
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self._head + content, status, self._headers, _TYPE)
        begun = self._begun.copy()
        packed = self._begun_bytes + begun.compress(content) + begun.flush()
        headers = {**self._headers, "Content-Encoding": "gzip"}
        return Response(packed, status, headers, _TYPE)


@lru_cache(maxsize=1024)
def _both(words: Both) -> Markup:
    """Chinese, and English marked as such. Nearly all are titles that every page has; none holds
    a name or an address, so nothing personal is kept."""
    return Markup('{} <span lang="en">{}</span>').format(words.zh, words.en)


def _policy(css: str) -> str:
    """Nothing but the one style sheet in the page itself."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
