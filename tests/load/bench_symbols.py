"""`python -m tests.load.bench_symbols 100`: how many symbols a core draws and reads back."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from registry_service.issuing.decoders import DECODERS
from registry_service.issuing.symbol import Symbol, draw, matrix, pixels
from tests.symbols.faces import licences, sites

_SEED = 5
_T = TypeVar("_T")


def main(arguments: list[str]) -> int:
    """Draw the symbols of so many invented licences and, one for three, site codes."""
    count = int(arguments[0]) if arguments else 100
    scans = [made.scan() for made in (*licences(count, _SEED), *sites(count // 3, _SEED))]
    alone = _each(scans, lambda scan: matrix(scan, None))
    drawn: list[Symbol] = []
    whole = _each(scans, lambda scan: drawn.append(draw(scan)))
    png, svg = _each(drawn, Symbol.png), _each(drawn, Symbol.svg)
    tried = Counter(symbol.attempts for symbol in drawn)
    print(f"{len(scans)} symbols of versions {_versions(drawn)}, masks tried: {_told(tried)}")
    print(f"drawn by qrcode alone, not read back: {alone * 1e3:.1f} ms, {1 / alone:.1f}/s a core")
    for name, seconds in (("PNG", png), ("SVG", svg)):
        each = whole + seconds
        print(
            f"{name}, read back by both decoders: {each * 1e3:.1f} ms, {1 / each:.1f}/s a core,"
            f" {alone / each:.2f} of qrcode alone"
        )
    pictures = [pixels(symbol.modules) for symbol in drawn]
    for reader, decode in DECODERS.items():
        print(f"  {reader} reads one picture in {_each(pictures, decode) * 1e3:.1f} ms")
    return 0


def _each(things: list[_T], do: Callable[[_T], object]) -> float:
    """Seconds of one core for one of them, whatever else the machine does."""
    start = time.process_time()
    for thing in things:
        do(thing)
    return (time.process_time() - start) / len(things)


def _versions(drawn: list[Symbol]) -> str:
    versions = [symbol.version for symbol in drawn]
    return f"{min(versions)} to {max(versions)}"


def _told(tried: Counter[int]) -> str:
    return ", ".join(f"{masks} for {count}" for masks, count in sorted(tried.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
