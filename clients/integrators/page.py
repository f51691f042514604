"""The table of docs/integrators.md."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

BEGIN: Final = "<!-- made by `python -m tests.vectors.make_integrators` -->"
END: Final = "<!-- end -->"
_SHOWN: Final = 44
"""Characters of a text that the page shows; the file has it whole."""


def table_of(told: Mapping[str, Any]) -> str:
    """The codes as a Markdown table, from what `files.table` told."""
    head = ("code", "what it is", "text", "purpose", "fresh", "stale", "clock behind")
    return "\n".join((_row(head), _row(["---"] * len(head)), *map(_code, told["codes"])))


def with_table(page: str, told: Mapping[str, Any]) -> str:
    """The page with its table made anew.

    Raises:
        ValueError: the page has no place for it.
    """
    before, _, rest = page.partition(f"{BEGIN}\n")
    table, end, after = rest.partition(f"\n{END}")
    if not table or not end:
        raise ValueError(f"the page has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table_of(told)}\n{END}{after}"


def _code(code: Mapping[str, Any]) -> str:
    text = code["text"].replace("|", "\\|")
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    asked = code["purpose"] + (f", at {code['address']}" if code["address"] else "")
    expected = code["expected"]
    name = f"[{code['name']}](integrators/{code['picture']})" if code["picture"] else code["name"]
    said = [_said(expected[clock], expected["fresh"]) for clock in ("fresh", "stale", "behind")]
    if code["node"] != expected["fresh"]:
        said[0] += f"; a node: {_said(code['node'])}"
    return _row((name, f"{code['zh']} {code['en']}", f"`{shown}`", asked, *said))


def _said(expected: Mapping[str, str], first: Mapping[str, str] | None = None) -> str:
    if first is not expected and first == expected:
        return "the same"
    return f"{expected['outcome']} / {expected['status']} / {expected['reason']}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
