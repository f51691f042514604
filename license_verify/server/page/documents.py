"""The published documents as files, for checkers that are not ours and for caches in between.

A cache may keep a list or the trust list for what is left of its ttl, counted from the manifest
that last said that it is current, and asks again after that: `must-revalidate`, and never
`stale-if-error`. A cache that answered with an old list while this node is away would hide from the
checker what only the checker may decide, how old is too old. Manifest and bundle date everything
else, so they are asked for each time, and their ETag makes that cheap. docs/publication.md.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from license_verify.lists import manifest, trust_list
from license_verify.lists.manifest import etag_of
from license_verify.lists.status_list import TYP, StatusList
from license_verify.server.bundles import Bundles, Held
from license_verify.server.page import notice
from license_verify.server.page.render import Pages
from license_verify.token.claims import status_uri

BUNDLE_TYPE: Final = "application/vnd.yizhao.bundle+cbor"
_TRUST_LIST_SECONDS: Final = 60
_LIST_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_ASK_ALWAYS: Final = "public, no-cache"


class Documents:
    """The endpoints; plain functions, so that Starlette runs them off the event loop."""

    def __init__(self, bundles: Bundles, pages: Pages, now: Callable[[], datetime]) -> None:
        self._bundles = bundles
        self._pages = pages
        self._now = now

    def routes(self) -> list[Route]:
        """Where each is."""
        return [
            Route("/manifest", self.manifest),
            Route("/bundle", self.bundle),
            Route("/trust-list", self.trust_list),
            Route("/s/{number}", self.status_list),
        ]

    def manifest(self, request: Request) -> Response:
        """What is current, and as of when."""
        held = self._bundles.current()
        if held.bundle is None:
            return self._pages.notice(request, notice.NO_DATA)
        content = held.bundle.manifest
        return _answer(request, content, etag_of(content), manifest.TYP, _ASK_ALWAYS)

    def bundle(self, request: Request) -> Response:
        """Everything in one file."""
        held = self._bundles.current()
        if held.bundle is None:
            return self._pages.notice(request, notice.NO_DATA)
        content = held.bundle.encode()
        return _answer(request, content, held.bundle.etag, BUNDLE_TYPE, _ASK_ALWAYS)

    def trust_list(self, request: Request) -> Response:
        """Keys and hosts."""
        held = self._bundles.current()
        if held.bundle is None:
            return self._pages.notice(request, notice.NO_DATA)
        content = held.bundle.trust
        keep = self._keep(held, _TRUST_LIST_SECONDS)
        return _answer(request, content, etag_of(content), trust_list.TYP, keep)

    def status_list(self, request: Request) -> Response:
        """One list, as the Token Status List draft says: negotiated, and only as it is now."""
        if not _accepts(request.headers.get("accept", "")):
            return self._pages.notice(request, notice.ONLY_CWT)
        if "time" in request.query_params:
            return self._pages.notice(request, notice.NO_HISTORY)
        held = self._bundles.current()
        if held.bundle is None:
            return self._pages.notice(request, notice.NO_DATA)
        number = request.path_params["number"]
        uri = ""
        if _LIST_NUMBER.fullmatch(number):
            uri = status_uri(request.headers.get("host", ""), int(number))
        content = held.bundle.lists.get(uri)
        if content is None:
            return self._pages.notice(request, notice.NOT_FOUND)
        keep = self._keep_list(held, held.trust.lists[uri])
        return _answer(request, content, etag_of(content), TYP, keep)

    def _keep_list(self, held: Held, listed: StatusList) -> str:
        left = int((listed.expires_at - self._now()).total_seconds())
        return self._keep(held, min(listed.ttl, left))

    def _keep(self, held: Held, seconds: int) -> str:
        """The Cache-Control of what may be kept so long after the manifest's moment."""
        assert held.trust.manifest is not None  # noqa: S101 - believed data has one
        age = self._now() - held.trust.manifest.issued_at
        left = min(seconds, int(seconds - age.total_seconds()))
        return f"public, max-age={left}, must-revalidate" if left > 0 else _ASK_ALWAYS


def _answer(request: Request, content: bytes, etag: str, media_type: str, keep: str) -> Response:
    headers = {
        "ETag": etag,
        "Cache-Control": keep,
        "Vary": "Accept",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag",
    }
    known = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    if tags & {etag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


def _accepts(header: str) -> bool:
    """Whether an Accept header takes a list in CWT form; one that is absent does."""
    if not header.strip():
        return True
    weights: dict[str, float] = {}
    for each in header.split(","):
        kind, _, parameters = each.partition(";")
        name, _, value = parameters.strip().partition("=")
        weights[kind.strip().lower()] = _weight(value) if name.strip() == "q" else 1.0
    for kind in (TYP, "application/*", "*/*"):  # the most exact one that is named decides
        if kind in weights:
            return weights[kind] > 0
    return False


def _weight(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 1.0
