"""How a filing is told after an act: where it stands, why, and which notice says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from clients.cli.filing_tables import show_filing, show_findings
from clients.cli.notice_tables import show_notice
from clients.cli.say import write_message
from clients.cli.unit_names import UnitNames
from clients.sdk.errors import ServiceError

if TYPE_CHECKING:
    from clients.cli.session import Session
    from clients.sdk import RegistryClient
    from yizhao.registry.v1 import premises_pb2

Filing = Annotated[str, typer.Argument(metavar="FILING", help="CODE/N, as `filing list` shows it.")]


def tell_filing(
    session: "Session", registry: "RegistryClient", filing: "premises_pb2.PremisesFiling"
) -> None:
    """Print it; with the newest notice 告知书 about it where it waits for the applicant."""
    from yizhao.registry.v1 import premises_pb2

    if session.as_json:
        write_message(filing)
        return
    show_filing(filing, UnitNames(registry))
    if filing.state == premises_pb2.FILING_STATE_RETURNED:
        about = [
            notice
            for notice in registry.applications.notices(filing.application)
            if any(defect.subject == filing.name for defect in notice.defects)
        ]
        if about:
            show_notice(about[-1])


@contextmanager
def with_findings(session: "Session", registry: "RegistryClient", name: str) -> Iterator[None]:
    """A refusal by the rules shows all that they found, and what to do, before its sentence."""
    try:
        yield
    except ServiceError as error:
        if error.reason == "FILING_BLOCKED" and not session.as_json:
            show_findings(registry.filings.get(name).findings)
        raise
