"""docs/symbols.md does not rot."""

from tests.symbols.page import PAGE, groups, head, releases


def test_the_page_has_today_s_sizes_and_readers() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written.startswith(head(groups())), "run `make symbols`"
    assert f"Read by {releases()}, in this order" in written, "run `make symbols`"
