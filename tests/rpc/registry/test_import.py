"""Imports: every row is new, known, rejected or set aside, with field and reason; none is lost."""

from typing import Any

import pytest

from clients.sample.codes import misread, registration_number
from tests.rpc.registry import people
from tests.rpc.registry.files import (
    Row,
    counts,
    faults_of,
    imported,
    remarks,
    requests,
    sent,
    settled,
    sign,
    signed_off,
)
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_code,
    a_request_id,
    an_entity,
    invalid,
    refused,
)
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as entity_pb
from yizhao.registry.v1 import import_run_pb2 as run_pb

WARNING = run_pb.IMPORT_REMARK_KIND_WARNING


def number_of(run: run_pb.ImportRun) -> int:
    return int(run.name.removeprefix("importRuns/"))


def a_row(**other: str) -> Row:
    return {
        "uniscid": a_code(),
        "entname": "济宁市试写商贸有限公司",
        "enttypeCn": "有限责任公司（自然人投资或控股）",
        "lerep": "郑试写",
        "dom": "山东省济宁市任城区古槐街道样例路12号",
        "regcap": "66万人民币",
        "estdate": "2019-03-04",
        "opscope": "日用百货销售",
        "regstateCn": "在营",
    } | other


def reasons(registry: Registry, run: run_pb.ImportRun) -> list[tuple[int, str, str]]:
    told = [each for each in remarks(registry, run) if each.kind != WARNING]
    assert all(each.text for each in told)
    return [(each.line, each.field, each.reason) for each in told]


def entity_of(registry: Registry, code: str) -> entity_pb2.Entity:
    found: entity_pb2.Entity = registry.as_(people.AUDITOR).entities.GetEntity(
        entity_pb.GetEntityRequest(name=f"entities/{code}")
    )
    return found


def test_a_row_becomes_an_entity_with_its_source(registry: Registry) -> None:
    row = a_row(pripid="JN-17", apprdate="2020-06-01")
    run = imported(registry, [row])
    assert counts(run) == (1, 0, 0, 0)
    assert run.state == run_pb.IMPORT_RUN_STATE_DONE
    entity = entity_of(registry, row["uniscid"])
    assert entity.source.system == "provincial"
    assert (entity.source.record_id, entity.source.import_run) == ("JN-17", run.name)
    assert (entity.registrar, entity.face.type_code) == ("units/11", 1130)


def test_nothing_is_on_the_register_before_its_unit_signs(registry: Registry) -> None:
    here, there = a_row(), a_row(dom="曲阜市鲁城街道样例街8号")
    run = sent(registry, [here, there])
    assert counts(run) == (2, 0, 0, 0)
    with refused("ENTITY_UNKNOWN"):
        entity_of(registry, here["uniscid"])
    head = registry.as_(people.RENCHENG_HEAD)
    ours, theirs = run.shares
    with refused("NOT_YOUR_UNIT", owner="units/20"):
        sign(head, run, theirs)
    sign(head, run, ours)
    run = settled(registry, run.name)
    assert entity_of(registry, here["uniscid"]).registrar == "units/11"
    with refused("ENTITY_UNKNOWN"):
        entity_of(registry, there["uniscid"])
    assert [share.state for share in run.shares] == [
        run_pb.IMPORT_SHARE_STATE_DONE,
        run_pb.IMPORT_SHARE_STATE_OPEN,
    ]
    assert run.state == run_pb.IMPORT_RUN_STATE_CHECKED


def test_events_name_who_sent_the_file_and_who_signed_it_off(registry: Registry) -> None:
    row = a_row()
    imported(registry, [row])
    answer = registry.as_(people.AUDITOR).entities.ListEntityEvents(
        entity_pb.ListEntityEventsRequest(parent=f"entities/{row['uniscid']}")
    )
    (event,) = answer.events
    assert (event.kind, event.basis) == ("entity.imported", "provincial")
    assert (event.actor, event.second_actor) == (people.OPERATOR, people.CITY)
    assert event.feed_number > 0
    assert faults_of(registry, row["uniscid"]) == []


def test_who_sent_the_file_cannot_sign_it_off(registry: Registry) -> None:
    number = people.OPERATOR.removeprefix("staff/")
    registry.run(
        "INSERT INTO staff_assignment (staff_no, unit_id, role, from_date)"
        " VALUES (%s, 1, 'city', '2020-01-01')",
        number,
    )
    run = sent(registry, [a_row()])
    with refused("SAME_PERSON"):
        sign(registry.as_(people.OPERATOR), run, run.shares[0])
    registry.run("DELETE FROM staff_assignment WHERE staff_no = %s AND role = 'city'", number)


def test_a_sign_off_stops_if_the_count_is_another(registry: Registry) -> None:
    run = sent(registry, [a_row(), a_row()])
    share = run_pb.ImportShare(unit=run.shares[0].unit, new_count=3)
    with refused("IMPORT_COUNT_DIFFERS", count="2"):
        sign(registry.as_(people.CITY), run, share)


def test_what_nobody_signed_can_be_taken_back(registry: Registry) -> None:
    here, there = a_row(), a_row(dom="曲阜市鲁城街道样例街8号")
    run = sent(registry, [here, there])
    sign(registry.as_(people.RENCHENG_HEAD), run, run.shares[0])
    settled(registry, run.name)
    undo = pb.UndoImportRequest(name=run.name, request_id=a_request_id())
    with refused("ROLE_MISSING"):
        registry.as_(people.CITY).admin.UndoImport(undo)
    after = registry.as_(people.OPERATOR).admin.UndoImport(undo)
    assert [share.state for share in after.shares] == [
        run_pb.IMPORT_SHARE_STATE_DONE,
        run_pb.IMPORT_SHARE_STATE_UNDONE,
    ]
    with refused("IMPORT_NOT_CHECKED"):
        sign(registry.as_(people.CITY), run, run.shares[1])
    with refused("IMPORT_SIGNED_OFF"):
        registry.as_(people.OPERATOR).admin.UndoImport(pb.UndoImportRequest(name=run.name))
    assert counts(sent(registry, [there, here]))[:2] == (1, 1)


def test_a_dry_run_tells_everything_and_keeps_nothing(registry: Registry) -> None:
    rows = [a_row(), a_row(uniscid=""), a_row(dom="人民北路西端")]
    run = sent(registry, rows, dry_run=True)
    assert counts(run) == (2, 0, 0, 1)
    assert run.state == run_pb.IMPORT_RUN_STATE_TRIED
    with refused("IMPORT_NOT_CHECKED"):
        sign(registry.as_(people.CITY), run, run.shares[0])
    assert registry.rows(
        "SELECT count(*) FROM import_entity WHERE run_no = %s", number_of(run)
    ) == [(0,)]
    assert counts(sent(registry, rows)) == (2, 0, 0, 1)


def test_a_file_that_broke_off_goes_on_where_it_was(registry: Registry) -> None:
    rows = [a_row() for _ in range(5)]
    whole = list(requests(rows, part=2))
    operator = registry.as_(people.OPERATOR)
    with invalid("rows"):  # the sender ended early
        list(operator.admin.ImportEntities(iter(whole[:2])))
    answers = operator.admin.ImportEntities(iter([whole[0], *whole[2:]]))
    begun, *_, last = [answer.import_run for answer in answers]
    assert (begun.loaded_count, last.loaded_count, counts(last)) == (2, 5, (5, 0, 0, 0))
    signed_off(registry, last)
    assert all(entity_of(registry, row["uniscid"]) for row in rows)


def test_the_same_rows_again_are_unchanged(registry: Registry) -> None:
    rows = [a_row() for _ in range(5)]
    assert counts(imported(registry, rows)) == (5, 0, 0, 0)
    assert counts(imported(registry, rows)) == (0, 5, 0, 0)


def test_a_row_that_says_something_else_never_writes_over_the_register(registry: Registry) -> None:
    row = a_row()
    imported(registry, [row])
    run = imported(registry, [row | {"lerep": "王试写"}])
    assert reasons(registry, run) == [(2, "uniscid", "ALREADY_REGISTERED")]
    assert counts(run) == (0, 0, 0, 1)
    assert entity_of(registry, row["uniscid"]).face.person == "郑试写"


def test_a_row_that_tells_another_state_is_not_unchanged(registry: Registry) -> None:
    row = a_row()
    imported(registry, [row])
    run = imported(registry, [row | {"regstateCn": "吊销，未注销"}])
    assert reasons(registry, run) == [(2, "uniscid", "ALREADY_REGISTERED")]
    silent = imported(registry, [row | {"regstateCn": ""}])
    assert counts(silent) == (0, 1, 0, 0)


def test_a_row_that_names_another_registrar_is_not_unchanged(registry: Registry) -> None:
    """The entity was assigned since; a row that is silent does not contradict."""
    row = a_row(dom="人民北路1号")
    imported(registry, [row])
    registry.as_(people.CITY).entities.CorrectEntity(
        entity_pb.CorrectEntityRequest(
            name=f"entities/{row['uniscid']}", registrar="units/20", basis="地址核实记录"
        )
    )
    assert counts(imported(registry, [row])) == (0, 1, 0, 0)
    assert counts(imported(registry, [row | {"regorg": "370881"}])) == (0, 1, 0, 0)
    assert counts(imported(registry, [row | {"regorg": "370811"}])) == (0, 0, 0, 1)


def test_an_old_number_that_the_register_lacks_is_not_unchanged(registry: Registry) -> None:
    row = a_row()
    imported(registry, [row])
    old = registration_number("370811", household=False, number=773)
    assert counts(imported(registry, [row | {"regno": old}])) == (0, 0, 0, 1)


def test_a_code_twice_with_the_same_facts_is_one_entity(registry: Registry) -> None:
    row = a_row()
    assert counts(imported(registry, [row, row, a_row()])) == (2, 1, 0, 0)


def test_a_code_twice_with_other_facts_is_set_aside_on_every_line(registry: Registry) -> None:
    row = a_row()
    run = imported(registry, [row, row | {"lerep": "王试写"}, a_row()])
    assert reasons(registry, run) == [
        (2, "uniscid", "CODE_DOUBLED"),
        (3, "uniscid", "CODE_DOUBLED"),
    ]
    assert counts(run) == (1, 0, 0, 2)
    first, _ = remarks(registry, run)
    assert "第 2、3 行" in first.text
    assert (first.unit, first.fields["lerep"]) == ("units/11", "郑试写")


def test_an_old_number_of_two_entities_sets_both_aside(registry: Registry) -> None:
    old = registration_number("370811", household=False, number=771)
    run = imported(registry, [a_row(regno=old), a_row(regno=old), a_row()])
    assert counts(run) == (1, 0, 0, 2)
    assert {reason for *_, reason in reasons(registry, run)} == {"REGISTRATION_NUMBER_DOUBLED"}


def test_an_old_number_of_somebody_else_sets_the_row_aside(registry: Registry) -> None:
    old = registration_number("370811", household=False, number=772)
    first = a_row(regno=old)
    imported(registry, [first])
    later = imported(registry, [a_row(regno=old), first])
    assert reasons(registry, later) == [(2, "regno", "REGISTRATION_NUMBER_TAKEN")]
    assert counts(later) == (0, 1, 0, 1)
    found = entity_of(registry, old)
    assert (found.uscc, found.found_by_former_code) == (first["uniscid"], True)
    assert list(found.former_codes) == [old]


def test_a_code_that_was_registered_since_the_file_was_compared_is_set_aside(
    registry: Registry, rencheng: Client
) -> None:
    row, other = a_row(), a_row()
    run = sent(registry, [row, other])
    an_entity(rencheng, uscc=row["uniscid"])
    run = signed_off(registry, run)
    assert reasons(registry, run) == [(2, "uniscid", "REGISTERED_SINCE")]
    assert counts(run) == (1, 0, 0, 1)
    assert run.shares[0].applied_count == 1
    assert entity_of(registry, row["uniscid"]).source.system == "counter"


def test_each_refused_row_names_its_field_and_reason(registry: Registry) -> None:
    run = imported(
        registry,
        [
            a_row(uniscid=misread(a_code())),
            a_row(uniscid=""),
            a_row(dom=""),
            a_row(estdate="2019-02-30"),
            a_row(regno="370811000000000"),
            a_row(regorg="370899"),
            a_row(regstateCn="迁出中"),
            a_row(entname="试\u202e写"),
            a_row(opscope="试" * 4001),
            a_row(),
        ],
    )
    assert reasons(registry, run) == [
        (2, "uniscid", "USCC_CHECK"),
        (3, "uniscid", "USCC_CHECK"),
        (4, "dom", "ADDRESS_UNFIT"),
        (5, "estdate", "VALUE_UNFIT"),
        (6, "regno", "REGISTRATION_NUMBER_CHECK"),
        (7, "regorg", "VALUE_UNFIT"),
        (8, "regstateCn", "VALUE_UNFIT"),
        (9, "entname", "VALUE_UNFIT"),
        (10, "opscope", "VALUE_UNFIT"),
    ]
    assert counts(run) == (1, 0, 6, 3)


def test_a_row_with_several_faults_tells_them_all_and_counts_once(registry: Registry) -> None:
    run = sent(registry, [a_row(uniscid="1", estdate="昨天", dom="")])
    assert {reason for *_, reason in reasons(registry, run)} == {
        "USCC_CHECK",
        "VALUE_UNFIT",
        "ADDRESS_UNFIT",
    }
    assert counts(run) == (0, 0, 1, 0)


def test_a_mended_row_closes_what_was_said_of_it(registry: Registry) -> None:
    good = a_row()
    run = imported(registry, [a_row(), good | {"estdate": "2019-02-30"}])
    assert len(remarks(registry, run, open_only=True)) == 1
    mended = imported(registry, [good | {"_mends": f"{number_of(run)}/3"}])
    assert counts(mended) == (1, 0, 0, 0)
    assert remarks(registry, run, open_only=True) == []
    (told,) = remarks(registry, run)
    assert (told.state, told.decision) == (run_pb.IMPORT_REMARK_STATE_MENDED, mended.name)


def test_a_row_mends_none_of_another_source(registry: Registry) -> None:
    good = a_row()
    run = imported(registry, [good | {"estdate": "2019-02-30"}])
    imported(registry, [good | {"_mends": f"{number_of(run)}/2"}], source="another-feed")
    assert len(remarks(registry, run, open_only=True)) == 1


def test_cells_of_rows_that_were_dealt_with_are_kept_no_more(registry: Registry) -> None:
    good = a_row()
    run = imported(registry, [good | {"estdate": "2019-02-30"}])
    assert remarks(registry, run)[0].fields["entname"] == good["entname"]
    imported(registry, [good | {"_mends": f"{number_of(run)}/2"}])
    assert dict(remarks(registry, run)[0].fields) == {}


def test_the_head_of_its_unit_dismisses_a_row(registry: Registry) -> None:
    run = sent(registry, [a_row(estdate="2019-02-30")])
    dismiss = pb.DismissImportRowRequest(
        parent=run.name, line=2, reason="重复录入", request_id=a_request_id()
    )
    with refused("NOT_YOUR_UNIT", owner="units/11"):
        registry.as_(people.QUFU_HEAD).admin.DismissImportRow(dismiss)
    registry.as_(people.RENCHENG_HEAD).admin.DismissImportRow(dismiss)
    (told,) = remarks(registry, run)
    assert told.state == run_pb.IMPORT_REMARK_STATE_DISMISSED
    assert (told.decided_by, told.decision) == (people.RENCHENG_HEAD, "重复录入")
    with refused("IMPORT_REMARK_UNKNOWN", line="2"):
        dismiss.ClearField("request_id")
        registry.as_(people.RENCHENG_HEAD).admin.DismissImportRow(dismiss)


def test_rows_whose_unit_is_unclear_are_told_of_and_signed_by_the_city(registry: Registry) -> None:
    unclear = a_row(dom="人民北路西端", enttypeCn="自造类型")
    run = sent(registry, [unclear])
    assert [(w.field, w.reason, w.unit) for w in remarks(registry, run)] == [
        ("dom", "UNIT_UNCLEAR", ""),
        ("enttypeCn", "TYPE_UNKNOWN", ""),
    ]
    (share,) = run.shares
    assert (share.unit, share.new_count, share.warned_count) == ("", 1, 1)
    with refused("NOT_YOUR_UNIT"):
        sign(registry.as_(people.RENCHENG_HEAD), run, share)
    signed_off(registry, run)
    assert entity_of(registry, unclear["uniscid"]).registrar == ""


def test_remarks_come_in_pages_that_make_one(registry: Registry) -> None:
    run = sent(registry, [a_row(uniscid="", estdate="x") for _ in range(4)])
    admin, token, seen = registry.as_(people.CITY).admin, "", []
    while True:
        page = admin.ListImportRemarks(
            pb.ListImportRemarksRequest(parent=run.name, page_size=3, page_token=token)
        )
        seen += page.remarks
        token = page.next_page_token
        if not token:
            break
    assert seen == remarks(registry, run)


def test_an_entity_imported_as_revoked_is_not_reinstated_here(registry: Registry) -> None:
    row = a_row(regstateCn="吊销")
    imported(registry, [row])
    assert entity_of(registry, row["uniscid"]).state == entity_pb2.ENTITY_STATE_REVOKED


def test_the_same_zone_code_means_what_its_source_means(registry: Registry) -> None:
    here, there = a_row(regorg="370892"), a_row(regorg="370892")
    imported(registry, [here], source="city-approvals")
    imported(registry, [there], source="another-feed")
    assert entity_of(registry, here["uniscid"]).registrar == "units/33"
    assert entity_of(registry, there["uniscid"]).registrar == "units/32"


def test_a_share_of_which_nothing_is_new_waits_for_nobody(registry: Registry) -> None:
    row = a_row()
    imported(registry, [row])
    run = sent(registry, [row, a_row(estdate="2019-02-30")])
    assert [share.state for share in run.shares] == [run_pb.IMPORT_SHARE_STATE_DONE]
    assert run.state == run_pb.IMPORT_RUN_STATE_DONE


def test_somebody_else_who_sends_the_same_file_begins_anew(registry: Registry) -> None:
    parts = list(requests([a_row()]))
    begun = next(registry.as_(people.OPERATOR).admin.ImportEntities(iter(parts[:1]))).import_run
    again = next(registry.as_(people.OPERATOR).admin.ImportEntities(iter(parts[:1]))).import_run
    other = next(registry.as_(people.OTHER_OPERATOR).admin.ImportEntities(iter(parts[:1])))
    assert again.name == begun.name
    assert other.import_run.name != begun.name
    assert other.import_run.sent_by == people.OTHER_OPERATOR


def test_a_cell_of_broken_encoding_is_told_of(registry: Registry) -> None:
    run = sent(registry, [a_row(entname="试\0写"), a_row()])
    assert reasons(registry, run) == [(2, "entname", "VALUE_UNFIT")]
    assert remarks(registry, run)[0].fields["entname"] == "试\ufffd写"
    assert counts(run) == (1, 0, 1, 0)


@pytest.mark.parametrize("source", ["counter", "Provincial", "a b", "省", "x" * 33])
def test_a_file_comes_from_a_source_that_can_be_named(registry: Registry, source: str) -> None:
    with invalid("header.source"):
        sent(registry, [a_row()], source)


@pytest.mark.parametrize("column", ["x\0y", "企业名称", "a" * 33])
def test_a_column_is_called_by_its_field(registry: Registry, column: str) -> None:
    header, rows = requests([a_row()])
    header.header.columns[0] = column
    with invalid("header.columns"):
        list(registry.as_(people.OPERATOR).admin.ImportEntities(iter([header, rows])))


def test_lines_of_a_code_that_is_everywhere_are_not_all_told_in_each(registry: Registry) -> None:
    code = a_code()
    run = sent(registry, [a_row(uniscid=code, opscope=f"样例{n}") for n in range(30)])
    texts = {told.text for told in remarks(registry, run)}
    assert len(texts) == 1
    assert "第 2、3、4、5、6、7、8、9、10、11 行等 30 处" in texts.pop()


@pytest.mark.parametrize("line", [0, 2**63, 2**64 - 1])
def test_a_line_number_beyond_any_file_is_refused(registry: Registry, line: int) -> None:
    header, rows = requests([a_row()])
    rows.rows.rows[0].line = line
    with invalid("rows.line"):
        list(registry.as_(people.OPERATOR).admin.ImportEntities(iter([header, rows])))


def test_rows_without_a_header_and_too_many_at_once_are_refused(registry: Registry) -> None:
    operator = registry.as_(people.OPERATOR)
    header, rows = requests([a_row()] * 1001, part=1001)
    with invalid("header"):
        list(operator.admin.ImportEntities(iter([rows])))
    with invalid("header"):
        list(operator.admin.ImportEntities(iter([])))
    with invalid("rows"):
        list(operator.admin.ImportEntities(iter([header, rows])))


def test_more_rows_than_the_header_tells_of_are_refused(registry: Registry) -> None:
    header, rows = requests([a_row()])
    header.header.row_count = 0
    with invalid("rows"):
        list(registry.as_(people.OPERATOR).admin.ImportEntities(iter([header, rows])))


@pytest.mark.parametrize(
    ("field", "value"), [("sha256", b"1"), ("columns", ["uniscid", "uniscid"]), ("columns", [""])]
)
def test_a_header_that_says_too_little_is_refused(
    registry: Registry, field: str, value: Any
) -> None:
    header, _ = requests([a_row()])
    others = {each.name for each in run_pb.ImportHeader.DESCRIPTOR.fields} - {field}
    kept = {name: getattr(header.header, name) for name in others}
    header = run_pb.ImportRequest(header=run_pb.ImportHeader(**kept, **{field: value}))
    with invalid(f"header.{field}"):
        list(registry.as_(people.OPERATOR).admin.ImportEntities(iter([header])))


def test_a_row_of_another_width_is_told_of(registry: Registry) -> None:
    header, rows = requests([a_row()])
    rows.rows.rows[0].values.append("多出一列")
    admin = registry.as_(people.OPERATOR).admin
    *_, last = [a.import_run for a in admin.ImportEntities(iter([header, rows]))]
    assert reasons(registry, last) == [(2, "row", "ROW_SHAPE")]
