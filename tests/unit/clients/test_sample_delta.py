"""The invented delta of an invented city."""

from clients.importing.columns import Columns
from clients.importing.vocabulary import SYNC
from clients.sample.delta import DELTA_FIELDS, delta


def test_the_same_delta_is_made_again() -> None:
    rows = list(delta(300, 1, 2, 100))
    assert rows == list(delta(300, 1, 2, 100))
    assert len(rows) == 100
    assert {row["op"] for row in rows} >= {"新增", "变更"}
    assert rows != list(delta(300, 1, 3, 100))


def test_every_column_is_understood() -> None:
    columns = Columns.read(DELTA_FIELDS, SYNC)
    assert columns.unused == ()
