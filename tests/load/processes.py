"""Processes below one, and what they have taken, as Linux counts it under /proc."""

import os
import re
from collections.abc import Iterator
from pathlib import Path


def _fields(number: int) -> list[str]:
    """The fields of `stat` behind the name, from the state on; none if it ended."""
    try:
        text = Path(f"/proc/{number}/stat").read_text("utf-8")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def below(root: int) -> set[int]:
    """Every process that descends from that one, and itself."""
    parents = dict(_parents())
    found, more = {root}, {root}
    while more:
        more = {number for number, parent in parents.items() if parent in more} - found
        found |= more
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        fields = _fields(int(entry.name)) if entry.name.isdigit() else []
        if fields:
            yield int(entry.name), int(fields[1])


def seconds_spent(root: int) -> float:
    """Of processor, by these processes and by children of theirs that ended."""
    ticks = sum(int(field) for number in below(root) for field in _fields(number)[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def megabytes(root: int) -> float:
    """Of memory of their own that these processes hold."""
    held = 0
    for number in below(root):
        try:
            status = Path(f"/proc/{number}/status").read_text("utf-8")
        except OSError:
            continue  # it ended
        held += sum(int(kilobytes) for kilobytes in re.findall(r"RssAnon:\s+(\d+) kB", status))
    return held / 1024
