"""Lines of Chinese that rich fills to the last column."""

from rich.text import Text


def keep_last_words() -> None:
    """Make rich 15 count columns where it takes the blanks off the end of a line.

    It counts characters there, so where a line with Chinese fills its width, the blank behind it
    stays, and the last word is cut for it: `For` becomes `Fo…` in helps and tables.
    """
    setattr(Text, "rstrip_end", _rstrip_end)  # noqa: B010 - it is no method of theirs to mypy


def _rstrip_end(text: Text, size: int) -> None:
    blanks = len(text.plain) - len(text.plain.rstrip())
    excess = min(blanks, text.cell_len - size)
    if excess > 0:
        text.right_crop(excess)
