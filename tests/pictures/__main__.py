"""`make pictures`: draw the stored pictures anew. Look at each before you commit it."""

import sys
import tempfile
from pathlib import Path

from registry_service.printing.svg import svg
from tests.pictures.chromium import Chromium
from tests.pictures.gallery import FACES, FOLDER, smaller, store, stored


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chromium = Chromium(folder)
        for face, (lay_out, number) in FACES.items():
            sheet = lay_out().sheets[number]
            drawing = folder / f"{face}.svg"
            drawing.write_bytes(svg(sheet))
            picture = chromium.picture(drawing, sheet.paper.width, sheet.paper.height, 2)
            store(smaller(picture), face)
            sys.stdout.write(f"{stored(face)}\n")


if __name__ == "__main__":
    main()
