"""One reader under atheris, guided by coverage: python -m tests.fuzz.guided READER FOLDER …"""

import sys
from pathlib import Path

import atheris


def main(arguments: list[str]) -> None:
    """Search until libFuzzer's own limits end it."""
    with atheris.instrument_imports(include=["license_verify"]):
        from tests.fuzz.readers import TARGETS, samples
    target = TARGETS[arguments[1]]
    # Written here, as only this process has the keys that make them genuine.
    for number, sample in enumerate(samples()[arguments[1]]):
        (Path(arguments[2]) / str(number)).write_bytes(sample)
    atheris.Setup([arguments[0], *arguments[2:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
