"""The site: verdict pages, the published documents, health."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from license_verify.policy import DEFAULT
from license_verify.reasons import Reason
from license_verify.server.bundles import Bundles
from license_verify.server.checker import Checker
from license_verify.server.node_health import NodeHealth
from license_verify.server.page import notice
from license_verify.server.page.address import day_of, digits_of, foreign_text
from license_verify.server.page.documents import Documents
from license_verify.server.page.headers import SafeHeaders
from license_verify.server.page.health import HealthPages
from license_verify.server.page.notice import Notice
from license_verify.server.page.part import Part
from license_verify.server.page.render import Pages
from license_verify.server.page.view import view_of
from license_verify.verdict import Verdict


def build_site(
    checker: Checker,
    bundles: Bundles,
    health: NodeHealth,
    *,
    test_system: bool,
    now: Callable[[], datetime],
    scanned: Callable[[Verdict], None] = lambda _: None,
) -> Starlette:
    """Make the site. `scanned` is told of every verdict that is shown, to count it."""
    pages = Pages(test_system=test_system)
    site = _Site(checker, pages, scanned)
    return Starlette(
        routes=[
            Route("/", site.about),
            *HealthPages(health).routes(),
            *Documents(bundles, pages, now).routes(),
            Route("/{rest:path}", site.check),
        ],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers=site.error_pages(),
    )


class _Site:
    """The endpoints. What is answered from memory is answered on the event loop; a scan, for which
    the live register is asked, in a thread, so that a slow register holds nobody else up."""

    def __init__(self, checker: Checker, pages: Pages, scanned: Callable[[Verdict], None]) -> None:
        self._checker = checker
        self._scanned = scanned
        self._pages = pages

    async def about(self, request: Request) -> Response:
        return self._pages.notice(request, notice.ABOUT)

    async def check(self, request: Request) -> Response:
        scope = request.scope
        foreign = foreign_text(scope["raw_path"], scope["query_string"])
        if foreign is not None:
            verdict = self._checker.scan(foreign, DEFAULT).verdict
            if verdict.reason is Reason.FOREIGN_CODE:
                self._scanned(verdict)
                return self._pages.verdict(request, view_of(verdict, None))
        digits = digits_of(scope["raw_path"])
        if isinstance(digits, Notice):
            return self._pages.notice(request, digits)
        as_of = day_of(request.query_params.get("as_of", ""))
        if isinstance(as_of, Notice):
            return self._pages.notice(request, as_of)
        host = request.headers.get("host", "")
        if not host:
            return self._pages.notice(request, notice.NO_HOST)
        scan = f"https://{host}/{digits}"  # what the symbol says, also behind a TLS proxy
        return await run_in_threadpool(self._checked, request, scan, as_of)

    def _checked(self, request: Request, scan: str, as_of: date | None) -> Response:
        checked = self._checker.scan(scan, DEFAULT, as_of=as_of, with_record=True)
        self._scanned(checked.verdict)
        part = Part.of(request.scope["query_string"])
        return self._pages.verdict(request, view_of(checked.verdict, checked.record, part))

    def error_pages(self) -> dict[Any, Callable[[Request, Exception], Awaitable[Response]]]:
        async def refused(request: Request, error: Exception) -> Response:
            status = error.status_code if isinstance(error, HTTPException) else 500
            page = notice.ONLY_READ if status == notice.ONLY_READ.status else notice.NOT_FOUND
            return self._pages.notice(request, page)

        async def failed(request: Request, _error: Exception) -> Response:
            return self._pages.notice(request, notice.FAILED)

        return {HTTPException: refused, Exception: failed}
