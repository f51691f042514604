"""What a load balancer and an operator ask of the page's server.

`/livez`: does it answer? If not, start it anew. `/readyz`: may it be sent visitors? `/healthz` says
what it knows, as JSON; it is 200 whenever `/readyz` is, also when the data is stale.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from license_verify.server.node_health import NONE, DataState, NodeHealth

_HEADERS: Final = {"Cache-Control": "no-store"}


class HealthPages:
    """The endpoints; plain functions, so that Starlette runs them off the event loop."""

    def __init__(self, health: NodeHealth) -> None:
        self._health = health

    def routes(self) -> list[Route]:
        """Where each is."""
        return [
            Route("/livez", self.live),
            Route("/readyz", self.ready),
            Route("/healthz", self.health),
        ]

    def live(self, _request: Request) -> Response:
        """The process answers."""
        return PlainTextResponse("ok\n", headers=_HEADERS)

    def ready(self, _request: Request) -> Response:
        """It has data, and is not about to end."""
        why_not = self._why_not_ready(self._health.data())
        status = 503 if why_not else 200
        return PlainTextResponse(f"{why_not or 'ok'}\n", status, headers=_HEADERS)

    def health(self, _request: Request) -> Response:
        """All that this node knows of itself."""
        data = self._health.data()
        why_not = self._why_not_ready(data)
        told = {
            "serving": not why_not,
            "serving_stale": bool(data.stale),
            "data": data.source,
            "stale": data.stale,
            "wrong": self._health.wrong(),
            "draining": self._health.draining,
            "seq": data.seq,
            "trust_version": data.trust_version,
            "age_seconds": {
                "manifest": _whole(data.manifest_age),
                "trust_list": _whole(data.trust_list_age),
                "oldest_list": _whole(data.oldest_list_age),
            },
        }
        return JSONResponse(told, 503 if why_not else 200, headers=_HEADERS)

    def _why_not_ready(self, data: DataState) -> str:
        if self._health.draining:
            return "draining"
        return "no data yet" if data.source == NONE else ""


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds)
