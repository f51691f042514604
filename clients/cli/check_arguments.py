"""Options of the commands that check something: by the service, or offline by data taken along."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from clients import exits

Published = Annotated[
    Path,
    typer.Option("--bundle", metavar="FILE", help="Published data; `yizhao bundle save` gets it."),
]
Root = Annotated[
    Path | None, typer.Option(metavar="PEM", help="Pinned root key; this instance's if absent.")
]
Environment = Annotated[
    str, typer.Option(help="Expected of the data: production, test, development, integrators.")
]
Bundle = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Check offline with this bundle; nothing is asked."),
]
Item = Annotated[str, typer.Option(metavar="CODE", help="For which 事项; kept with the check.")]
Operator = Annotated[
    str, typer.Option(metavar="REF", help="Your own reference to who asks, kept too; no name.")
]


def require_one_way(
    bundle: Path | None, offline: Mapping[str, object], kept: Mapping[str, object]
) -> None:
    """Stop where options of an offline check and of one by the service are mixed.

    Args:
        bundle: the data of an offline check; None: the service is asked.
        offline: options that go with a bundle alone, with their values.
        kept: options that the service keeps, with their values.

    Raises:
        Failure: wrong usage.
    """
    if bundle is None and any(offline.values()):
        raise exits.Failure(
            f"{', '.join(offline)} go with --bundle",
            exit_code=exits.USAGE,
            zh=f"{'、'.join(offline)} 须与 --bundle 一起使用",
        )
    if bundle is not None and any(kept.values()):
        raise exits.Failure(
            f"{', '.join(kept)} are kept by the service: not with --bundle",
            exit_code=exits.USAGE,
            zh=f"{'、'.join(kept)} 由核验服务留存，不能与 --bundle 一起使用",
        )
