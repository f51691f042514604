"""Ages and moments of a verdict on the wire, written out for speed, are protobuf's own."""

from datetime import UTC, datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from license_verify.server.convert import write_duration, write_time


@given(st.timedeltas(timedelta(days=-4000), timedelta(days=4000)))
def test_a_span_is_written_as_protobuf_does(span: timedelta) -> None:
    ours, theirs = Duration(), Duration()
    write_duration(ours, span)
    theirs.FromTimedelta(span)
    assert ours == theirs


@given(st.datetimes(datetime(1960, 1, 1), datetime(2300, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis puts the zone on
def test_a_moment_is_written_as_protobuf_does(moment: datetime) -> None:
    ours, theirs = Timestamp(), Timestamp()
    write_time(ours, moment)
    theirs.FromDatetime(moment.replace(tzinfo=None))
    assert ours == theirs
