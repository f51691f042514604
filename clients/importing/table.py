"""CSV files as they come: UTF-8 with or without BOM, or GB18030; rows with their lines."""

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clients.importing.columns import Columns, UnknownColumns
from clients.importing.vocabulary import ENTITIES, Vocabulary

_BLOCK: Final = 1 << 20


class UnreadableFile(ValueError):
    """The file is no table that can be imported; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file."""

    number: int
    """Line on which it starts, from 1."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file with a header that is understood."""

    path: Path
    encoding: str
    columns: Columns
    count: int
    """Rows below the header; blank lines are none."""
    sha256: bytes
    """Of the file."""

    @classmethod
    def open(cls, path: Path, words: Vocabulary = ENTITIES) -> "Table":
        """Look through the file: its encoding, header, number of rows and digest.

        Raises:
            UnreadableFile: neither UTF-8 nor GB18030, not CSV, or no usable header.
            OSError: it can't be read.
        """
        encoding = encoding_of(path)
        lines = lines_of(path, encoding)
        header = next(lines, None)
        if header is None:
            raise UnreadableFile(f"{path} is empty")
        try:
            columns = Columns.read(header.cells, words)
        except UnknownColumns as error:
            raise UnreadableFile(f"{path}: {error}") from error
        count = sum(1 for _ in lines)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        return cls(path, encoding, columns, count, digest)

    def lines(self) -> Iterator[Line]:
        """The rows below the header, in order."""
        lines = lines_of(self.path, self.encoding)
        next(lines, None)
        yield from lines


def encoding_of(path: Path) -> str:
    """UTF-8, with or without BOM, or GB18030.

    Raises:
        UnreadableFile: it is neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile(f"{path} is neither UTF-8 nor GB18030: save it as UTF-8")


def lines_of(path: Path, encoding: str) -> Iterator[Line]:
    """Every row of a CSV file, header included, blank lines left out.

    Raises:
        UnreadableFile: it is no CSV.
    """
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, strict=True)
        before = 0
        try:
            for cells in reader:
                if cells:
                    yield Line(before + 1, tuple(cells))
                before = reader.line_num
        except csv.Error as error:
            raise UnreadableFile(f"{path}, line {reader.line_num}: {error}") from error
