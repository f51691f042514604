"""The site: verdict pages, the published documents, health."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from license_verify.policy import DEFAULT
from license_verify.server.bundles import Bundles
from license_verify.server.checker import Checker
from license_verify.server.page import notice
from license_verify.server.page.address import digits_of
from license_verify.server.page.documents import Documents
from license_verify.server.page.headers import SafeHeaders
from license_verify.server.page.notice import Notice
from license_verify.server.page.render import Pages
from license_verify.server.page.view import view_of
from license_verify.verdict import Verdict


def build_site(
    checker: Checker,
    bundles: Bundles,
    *,
    test_system: bool,
    now: Callable[[], datetime],
    scanned: Callable[[Verdict], None] = lambda _: None,
) -> Starlette:
    """Make the site. `scanned` is told of every verdict that is shown, to count it."""
    pages = Pages(test_system=test_system)
    site = _Site(checker, bundles, pages, scanned)
    return Starlette(
        routes=[
            Route("/", site.about),
            Route("/healthz", site.health),
            *Documents(bundles, pages, now).routes(),
            Route("/{rest:path}", site.check),
        ],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers=site.error_pages(),
    )


class _Site:
    """The endpoints; plain functions, so that Starlette runs them off the event loop."""

    def __init__(
        self, checker: Checker, bundles: Bundles, pages: Pages, scanned: Callable[[Verdict], None]
    ) -> None:
        self._checker = checker
        self._scanned = scanned
        self._bundles = bundles
        self._pages = pages

    def about(self, request: Request) -> Response:
        return self._pages.notice(request, notice.ABOUT)

    def check(self, request: Request) -> Response:
        digits = digits_of(request.scope["raw_path"])
        host = request.headers.get("host", "")
        if isinstance(digits, Notice):
            return self._pages.notice(request, digits)
        if not host:
            return self._pages.notice(request, notice.NO_HOST)
        scan = f"https://{host}/{digits}"  # what the symbol says, also behind a TLS proxy
        checked = self._checker.scan(scan, DEFAULT, with_record=True)
        self._scanned(checked.verdict)
        return self._pages.verdict(request, view_of(checked.verdict, checked.record))

    def health(self, _request: Request) -> Response:
        held = self._bundles.current()
        return JSONResponse(
            {"serving": True, "data": held.trust.source if held.bundle else "none"},
            headers={"Cache-Control": "no-store"},
        )

    def error_pages(self) -> dict[Any, Callable[[Request, Exception], Response]]:
        def refused(request: Request, error: Exception) -> Response:
            status = error.status_code if isinstance(error, HTTPException) else 500
            page = notice.ONLY_READ if status == notice.ONLY_READ.status else notice.NOT_FOUND
            return self._pages.notice(request, page)

        def failed(request: Request, _error: Exception) -> Response:
            return self._pages.notice(request, notice.FAILED)

        return {HTTPException: refused, Exception: failed}
