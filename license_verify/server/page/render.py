"""Templates to bytes, once compressed, with the headers that go with them."""

import base64
import gzip
import hashlib
from functools import cached_property
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from license_verify.server.page.notice import Notice
from license_verify.server.page.view import View

_PACKAGE: Final = "license_verify.server.page"
_SMALL: Final = 600


class Pages:
    """Renders the site's pages."""

    def __init__(self, *, test_system: bool) -> None:
        """`test_system` puts the banner 测试系统 on pages without a verdict."""
        self._test_system = test_system
        self._templates = Environment(
            loader=PackageLoader(_PACKAGE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def verdict(self, request: Request, view: View) -> Response:
        """A verdict; 200 whatever it says, since the page did what was asked."""
        return self._page(request, "verdict.html", 200, view=view, test_system=view.test_system)

    def notice(self, request: Request, notice: Notice) -> Response:
        """A page of a few sentences."""
        return self._page(
            request, "notice.html", notice.status, notice=notice, test_system=self._test_system
        )

    def _page(self, request: Request, template: str, status: int, **values: object) -> Response:
        text = self._templates.get_template(template).render(style=self._style, **values)
        headers = {
            "Content-Security-Policy": self._policy,
            "Cache-Control": "no-store",
            "Vary": "Accept-Encoding",
        }
        content = text.encode("utf-8")
        if len(content) > _SMALL and "gzip" in request.headers.get("accept-encoding", ""):
            content = gzip.compress(content, 6, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return Response(content, status, headers, "text/html; charset=utf-8")

    @cached_property
    def _style(self) -> str:
        return files(_PACKAGE).joinpath("templates/page.css").read_text(encoding="utf-8").strip()

    @cached_property
    def _policy(self) -> str:
        digest = base64.b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        return (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"
        )
