"""A page of each kind, for those who look."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from license_verify import Status
from license_verify.token.claims import Claims, StatusRef, end_of
from license_verify.token.face import digest
from tests.e2e.page.node import Node, a_node, settings, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import CLAIMS, FACE, HOST, SITE, SITE_CLAIMS, URI, Signer, World

AWAY: Final = "127.0.0.1:1"
SCOPE: Final = "一般项目：日用百货销售；普通货物仓储服务；国内货物运输代理；" * 8
_AT: Final = {status: 100 + status.value for status in Status}
SHOPS: Final = (
    (3, "孔府店", "曲阜市鲁城街道试写路15号1-2层", 20),
    (7, SITE.site_name or "", SITE.address or "", 20),
    (9, "", "邹城市钢山街道样例大道66号", 21),
    *((n, f"第{n}门店", f"嘉祥县纸坊镇样例路{n}号", 16) for n in range(11, 17)),
)


@dataclass(frozen=True)
class Shown:
    """A page as it is reached."""

    node: Node
    path: str
    tone: str

    @property
    def url(self) -> str:
        return f"https://{HOST}{self.path}"


def of(world: World, claims: Claims, query: str = "") -> str:
    return world.scan(claims).removeprefix(f"https://{HOST}") + query


def listed(claims: Claims, status: Status) -> Claims:
    """The same document with an entry that the gallery's lists give this status."""
    return replace(claims, status=StatusRef(_AT[status], URI))


def licence(status: Status = Status.VALID, copy: int | None = None, version: int = 4) -> Claims:
    face = replace(FACE, copy=copy, version=version, scope_digest=digest(SCOPE))
    return listed(replace(CLAIMS, face=face), status)


@contextmanager
def gallery(folder: Path, authorities: Authorities, world: World) -> Iterator[Mapping[str, Shown]]:
    """Nodes in each state of their data, and a page for each kind of answer."""
    world = replace(world, statuses={number: status for status, number in _AT.items()})
    publisher = Publisher(world, version=4, person="孙试改", scope=SCOPE, shops=SHOPS)
    old = replace(world, published_at=world.published_at - timedelta(days=3))
    with ExitStack() as stack:
        registry = stack.enter_context(a_registry(publisher, authorities))

        def node(name: str, address: str, kept: World | None = None) -> Node:
            own = folder / name
            (own / "cache").mkdir(parents=True)
            if kept is not None:
                (own / "cache" / "bundle.cbor").write_bytes(kept.bundle().encode())
            config = settings(own, authorities, world, address)
            return stack.enter_context(a_node(config, authorities))

        live = node("live", registry.address)
        cached, stale = node("cached", AWAY, world), node("stale", AWAY, old)
        empty = node("empty", AWAY)
        until(lambda: live.has("live"))
        forger = replace(world, token=Signer())
        forger.token.kid = world.token.kid
        site = replace(SITE_CLAIMS, face=SITE)
        yield {
            "licence": Shown(live, of(world, licence()), "ok"),
            "original": Shown(live, of(world, licence(copy=0)), "ok"),
            "site": Shown(live, of(world, listed(site, Status.VALID)), "ok"),
            "site-firm": Shown(live, of(world, listed(site, Status.VALID), "?firm"), "ok"),
            "scope": Shown(live, of(world, licence(), "?scope"), "ok"),
            "one-place": Shown(live, of(world, licence(), "?site=3"), "ok"),
            "county": Shown(live, of(world, licence(), "?unit=16"), "ok"),
            "superseded": Shown(live, of(world, licence(Status.SUPERSEDED, version=3)), "warn"),
            "dormant": Shown(live, of(world, licence(Status.SUSPENDED)), "warn"),
            "revoked": Shown(live, of(world, licence(Status.REVOKED)), "bad"),
            "deregistered": Shown(live, of(world, listed(site, Status.DEREGISTERED)), "bad"),
            "lost": Shown(live, of(world, licence(Status.LOST_VOID, copy=2)), "bad"),
            "expired": Shown(
                live, of(world, replace(licence(), expires_at=end_of(date(2026, 9, 1)))), "bad"
            ),
            "forged": Shown(live, of(forger, licence()), "bad"),
            "cached": Shown(cached, of(world, licence()), "ok"),
            "stale": Shown(stale, of(old, licence()), "unsure"),
            "missing": Shown(empty, of(world, licence()), "unsure"),
            "foreign": Shown(live, "/https://zzlz.gsxt.gov.cn/businessLicense?x=1", "unsure"),
            "about": Shown(live, "/", "plain"),
            "no-scan": Shown(live, "/123abc", "bad"),
            "too-long": Shown(live, "/" + "9" * 1601, "bad"),
            "no-page": Shown(live, "/about", "plain"),
        }
