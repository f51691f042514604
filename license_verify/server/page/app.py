"""The site: verdict pages, the published lists, health."""

import re
from collections.abc import Callable
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from license_verify.lists.manifest import document_digest
from license_verify.lists.status_list import TYP
from license_verify.policy import DEFAULT
from license_verify.server.bundles import Bundles
from license_verify.server.checker import Checker
from license_verify.server.page import notice
from license_verify.server.page.address import digits_of
from license_verify.server.page.headers import SafeHeaders
from license_verify.server.page.notice import Notice
from license_verify.server.page.render import Pages
from license_verify.server.page.view import view_of
from license_verify.token.claims import status_uri

_LIST_SECONDS: Final = 30
_LIST_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


def build_site(checker: Checker, bundles: Bundles, *, test_system: bool) -> Starlette:
    """Make the site."""
    site = _Site(checker, bundles, Pages(test_system=test_system))
    return Starlette(
        routes=[
            Route("/", site.about),
            Route("/healthz", site.health),
            Route("/trust-list", site.trust_list),
            Route("/s/{number}", site.status_list),
            Route("/{rest:path}", site.check),
        ],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers=site.error_pages(),
    )


class _Site:
    """The endpoints; plain functions, so that Starlette runs them off the event loop."""

    def __init__(self, checker: Checker, bundles: Bundles, pages: Pages) -> None:
        self._checker = checker
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
        return self._pages.verdict(request, view_of(checked.verdict, checked.record))

    def status_list(self, request: Request) -> Response:
        bundle = self._bundles.current().bundle
        host = request.headers.get("host", "")
        number = request.path_params["number"]
        content = None
        if bundle is not None and _LIST_NUMBER.fullmatch(number):
            content = bundle.lists.get(status_uri(host, int(number)))
        return self._document(request, content, TYP)

    def trust_list(self, request: Request) -> Response:
        bundle = self._bundles.current().bundle
        return self._document(request, bundle.trust if bundle else None, "application/cose")

    def health(self, _request: Request) -> Response:
        held = self._bundles.current()
        return JSONResponse(
            {"serving": True, "data": held.trust.source if held.bundle else "none"},
            headers={"Cache-Control": "no-store"},
        )

    def _document(self, request: Request, content: bytes | None, media_type: str) -> Response:
        if content is None:
            return self._pages.notice(request, notice.NOT_FOUND)
        etag = f'"{document_digest(content).hex()[:32]}"'
        headers = {
            "ETag": etag,
            "Cache-Control": f"public, max-age={_LIST_SECONDS}",
            "Access-Control-Allow-Origin": "*",
        }
        known = request.headers.get("if-none-match", "")
        if etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type=media_type)

    def error_pages(self) -> dict[Any, Callable[[Request, Exception], Response]]:
        def refused(request: Request, error: Exception) -> Response:
            status = error.status_code if isinstance(error, HTTPException) else 500
            page = notice.ONLY_READ if status == notice.ONLY_READ.status else notice.NOT_FOUND
            return self._pages.notice(request, page)

        def failed(request: Request, _error: Exception) -> Response:
            return self._pages.notice(request, notice.FAILED)

        return {HTTPException: refused, Exception: failed}
