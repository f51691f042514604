"""Options of the commands that check signed files offline, by data that was taken along."""

from pathlib import Path
from typing import Annotated

import typer

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
