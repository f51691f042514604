"""Deltas of the province: followed in any order, and never over what was done here."""

from collections.abc import Iterator
from datetime import date

import pytest
from google.protobuf import field_mask_pb2

from registry_service.fsck import check
from tests.rpc.registry import people
from tests.rpc.registry.files import Row, imported, remarks, sent, settled, synced
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_code,
    a_date,
    a_request_id,
    a_visit,
    an_entity,
    filed,
    invalid,
    refused,
)
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import entity_pb2, license_service_pb2
from yizhao.registry.v1 import entity_service_pb2 as entity_pb
from yizhao.registry.v1 import import_run_pb2 as run_pb

FIRST, SECOND, THIRD = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
CONFLICT, STATE, GONE = (
    run_pb.SYNC_ITEM_KIND_CONFLICT,
    run_pb.SYNC_ITEM_KIND_STATE,
    run_pb.SYNC_ITEM_KIND_GONE,
)
OPEN = run_pb.SYNC_ITEM_STATE_OPEN
TAKE, KEEP = run_pb.SYNC_DECISION_TAKE_SOURCE, run_pb.SYNC_DECISION_KEEP_OURS


def a_row(**other: str) -> Row:
    return {
        "uniscid": a_code(),
        "entname": "济宁市试步商贸有限公司",
        "enttypeCn": "有限责任公司（自然人投资或控股）",
        "lerep": "郑试步",
        "dom": "山东省济宁市任城区古槐街道样例路12号",
        "regcap": "66万人民币",
        "estdate": "2019-03-04",
        "apprdate": "2026-01-05",
        "opscope": "日用百货销售",
        "regorg": "370811",
        "regstateCn": "在营",
    } | other


def entity_of(registry: Registry, code: str) -> entity_pb2.Entity:
    found: entity_pb2.Entity = registry.as_(people.AUDITOR).entities.GetEntity(
        entity_pb.GetEntityRequest(name=f"entities/{code}")
    )
    return found


def told(run: run_pb.ImportRun) -> dict[str, int]:
    """What became of the rows, without what there is none of."""
    names = ("new", "changed", "late", "unchanged", "decide", "rejected", "quarantined", "missing")
    counts = {name: sum(getattr(share, f"{name}_count") for share in run.shares) for name in names}
    return {name: count for name, count in counts.items() if count}


def items_of(
    registry: Registry, code: str, state: run_pb.SyncItemState.ValueType = OPEN
) -> list[run_pb.SyncItem]:
    answer = registry.as_(people.CITY).admin.ListSyncItems(
        pb.ListSyncItemsRequest(unit="units/1", state=state, page_size=1000)
    )
    assert answer.total_count == len(answer.sync_items)
    return [item for item in answer.sync_items if item.name.startswith(f"entities/{code}/")]


def decide(
    client: Client, item: run_pb.SyncItem, decision: run_pb.SyncDecision.ValueType
) -> run_pb.SyncItem:
    answer: run_pb.SyncItem = client.admin.DecideSyncItem(
        pb.DecideSyncItemRequest(
            name=item.name, decision=decision, reason="核对省级档案", request_id=a_request_id()
        )
    )
    return answer


def changed_here(client: Client, code: str, person: str) -> entity_pb2.Entity:
    """The entity after a change at the counter."""
    request = entity_pb.ChangeEntityRequest(
        name=f"entities/{code}",
        face=entity_pb2.Face(person=person),
        update_mask=field_mask_pb2.FieldMask(paths=["person"]),
        application=a_visit(),
        request_id=a_request_id(),
    )
    after: entity_pb2.Entity = client.entities.ChangeEntity(request)
    return after


def versions_of(registry: Registry, code: str) -> list[tuple[int, date, str, str]]:
    return registry.rows(
        "SELECT v.version, v.effective_date, v.person, v.source FROM entity_version v"
        " JOIN code_directory d USING (entity_no) WHERE d.code = %s ORDER BY version",
        code,
    )


@pytest.fixture(autouse=True, scope="module")
def sound(registry: Registry) -> Iterator[None]:
    """What these tests do breaks no invariant; others may have broken some on purpose."""
    before = check(registry.database)
    yield
    assert set(check(registry.database)) <= set(before)


def test_a_delta_brings_what_is_new_and_changes_what_is_known(registry: Registry) -> None:
    known, new = a_row(), a_row()
    imported(registry, [known])
    delta = [known | {"lerep": "王试步", "apprdate": "2026-03-01", "pripid": "JN-1"}, new]
    run = synced(registry, delta, FIRST)
    assert told(run) == {"new": 1, "changed": 1}
    assert run.state == run_pb.IMPORT_RUN_STATE_DONE
    assert (run.source_date, run.kind) == (a_date(2026, 3, 2), run_pb.IMPORT_KIND_SYNC)
    entity = entity_of(registry, known["uniscid"])
    assert (entity.face.person, entity.source.record_id) == ("王试步", "JN-1")
    assert entity.source.import_run == run.name
    assert versions_of(registry, known["uniscid"])[-1][1] == date(2026, 3, 1)
    assert entity_of(registry, new["uniscid"]).registrar == "units/11"


def test_events_of_a_delta_name_its_sender_and_nobody_second(registry: Registry) -> None:
    row = a_row()
    synced(registry, [row], FIRST)
    synced(registry, [row | {"lerep": "王试步", "apprdate": "2026-03-01"}], SECOND)
    events = registry.as_(people.AUDITOR).entities.ListEntityEvents(
        entity_pb.ListEntityEventsRequest(parent=f"entities/{row['uniscid']}")
    )
    assert {(e.kind, e.actor, e.second_actor, e.basis) for e in events.events} == {
        ("entity.synced", people.OPERATOR, "", "provincial")
    }


def test_the_same_delta_again_changes_nothing(registry: Registry) -> None:
    rows = [a_row() for _ in range(3)]
    synced(registry, rows, FIRST)
    delta = [row | {"lerep": "王试步", "apprdate": "2026-03-01"} for row in rows]
    assert told(synced(registry, delta, SECOND)) == {"changed": 3}
    before = [entity_of(registry, row["uniscid"]) for row in rows]
    assert told(synced(registry, delta, SECOND)) == {"unchanged": 3}
    assert told(synced(registry, delta, THIRD)) == {"unchanged": 3}
    assert [entity_of(registry, row["uniscid"]) for row in rows] == before


def test_what_comes_late_is_in_the_history_and_not_in_force(registry: Registry) -> None:
    row = a_row()
    imported(registry, [row])
    synced(registry, [row | {"lerep": "王试步", "apprdate": "2026-02-20"}], SECOND)
    late = synced(registry, [row | {"lerep": "李试步", "apprdate": "2026-02-10"}], FIRST)
    assert told(late) == {"late": 1}
    assert entity_of(registry, row["uniscid"]).face.person == "王试步"
    assert [each[:3] for each in versions_of(registry, row["uniscid"])] == [
        (1, date(2026, 1, 5), "郑试步"),
        (2, date(2026, 2, 20), "王试步"),
        (3, date(2026, 2, 10), "李试步"),
    ]


def test_a_version_that_was_skipped_as_equal_is_needed_once_another_comes_between(
    registry: Registry,
) -> None:
    row = a_row()
    imported(registry, [row])
    again = synced(registry, [row | {"apprdate": "2026-02-20"}], SECOND)
    assert told(again) == {"unchanged": 1}
    synced(registry, [row | {"lerep": "李试步", "apprdate": "2026-02-10"}], FIRST)
    assert [each[1:3] for each in versions_of(registry, row["uniscid"])] == [
        (date(2026, 1, 5), "郑试步"),
        (date(2026, 2, 10), "李试步"),
        (date(2026, 2, 20), "郑试步"),
    ]
    assert entity_of(registry, row["uniscid"]).face.person == "郑试步"


def test_the_counter_goes_on_behind_a_late_version(registry: Registry, rencheng: Client) -> None:
    row = a_row()
    imported(registry, [row])
    synced(registry, [row | {"lerep": "王试步", "apprdate": "2026-02-20"}], SECOND)
    synced(registry, [row | {"lerep": "李试步", "apprdate": "2026-02-10"}], FIRST)
    changed_here(rencheng, row["uniscid"], "赵试步")
    assert [each[0] for each in versions_of(registry, row["uniscid"])] == [1, 2, 3, 4]


def test_a_change_done_here_is_not_overwritten_but_listed(
    registry: Registry, rencheng: Client
) -> None:
    row = a_row()
    imported(registry, [row])
    changed_here(rencheng, row["uniscid"], "赵试步")
    delta = [row | {"lerep": "王试步", "apprdate": "2026-03-01"}]
    assert told(synced(registry, delta, FIRST)) == {"decide": 1}
    assert entity_of(registry, row["uniscid"]).face.person == "赵试步"
    (item,) = items_of(registry, row["uniscid"])
    assert (item.kind, item.unit, item.source) == (CONFLICT, "units/11", "provincial")
    (difference,) = item.differences
    assert (difference.field, difference.ours, difference.theirs) == ("person", "赵试步", "王试步")
    assert told(synced(registry, delta, SECOND)) == {"unchanged": 1}
    assert len(items_of(registry, row["uniscid"])) == 1


def test_a_source_that_repeats_what_it_said_before_the_act_asks_nothing(
    registry: Registry, rencheng: Client
) -> None:
    row = a_row()
    imported(registry, [row])
    changed_here(rencheng, row["uniscid"], "赵试步")
    again = synced(registry, [row, row | {"apprdate": "2026-03-01"}], FIRST)
    assert told(again) == {"unchanged": 2}
    assert items_of(registry, row["uniscid"]) == []


def test_what_the_source_says_is_taken_over_when_its_home_unit_says_so(
    registry: Registry, rencheng: Client, qufu: Client
) -> None:
    row = a_row()
    imported(registry, [row])
    changed_here(rencheng, row["uniscid"], "赵试步")
    synced(registry, [row | {"lerep": "王试步", "apprdate": "2026-03-01"}], FIRST)
    (item,) = items_of(registry, row["uniscid"])
    with refused("NOT_YOUR_UNIT", owner="units/11"):
        decide(qufu, item, TAKE)
    done = decide(rencheng, item, TAKE)
    assert (done.state, done.decided_by) == (run_pb.SYNC_ITEM_STATE_TAKEN, people.RENCHENG)
    assert entity_of(registry, row["uniscid"]).face.person == "王试步"
    with refused("SYNC_ITEM_DECIDED", state="taken"):
        decide(rencheng, item, KEEP)
    follows = synced(registry, [row | {"lerep": "周试步", "apprdate": "2026-03-02"}], SECOND)
    assert told(follows) == {"changed": 1}
    assert entity_of(registry, row["uniscid"]).face.person == "周试步"


def test_what_was_kept_does_not_ask_again(registry: Registry, rencheng: Client) -> None:
    row = a_row()
    imported(registry, [row])
    changed_here(rencheng, row["uniscid"], "赵试步")
    delta = row | {"lerep": "王试步", "apprdate": "2026-03-01"}
    synced(registry, [delta], FIRST)
    decide(rencheng, items_of(registry, row["uniscid"])[0], KEEP)
    synced(registry, [delta, delta | {"apprdate": "2026-03-02"}], SECOND)
    assert items_of(registry, row["uniscid"]) == []
    synced(registry, [delta | {"lerep": "周试步", "apprdate": "2026-03-03"}], THIRD)
    assert len(items_of(registry, row["uniscid"])) == 1


def test_an_item_lapses_once_the_source_says_the_same(registry: Registry, rencheng: Client) -> None:
    row = a_row()
    imported(registry, [row])
    changed_here(rencheng, row["uniscid"], "赵试步")
    synced(registry, [row | {"lerep": "王试步", "apprdate": "2026-03-01"}], FIRST)
    synced(registry, [row | {"lerep": "赵试步", "apprdate": "2026-03-02"}], SECOND)
    assert items_of(registry, row["uniscid"]) == []
    (item,) = items_of(registry, row["uniscid"], run_pb.SYNC_ITEM_STATE_LAPSED)
    assert item.kind == CONFLICT


@pytest.mark.parametrize(
    ("label", "state"),
    [
        ("吊销，未注销", entity_pb2.ENTITY_STATE_REVOKED),
        ("清算", entity_pb2.ENTITY_STATE_LIQUIDATING),
        ("注销", entity_pb2.ENTITY_STATE_DEREGISTERED),
        ("撤销", entity_pb2.ENTITY_STATE_ANNULLED),
    ],
)
def test_a_state_is_followed_and_taken_back(registry: Registry, label: str, state: int) -> None:
    row = a_row()
    imported(registry, [row])
    assert told(synced(registry, [row | {"regstateCn": label}], FIRST)) == {"changed": 1}
    assert entity_of(registry, row["uniscid"]).state == state
    assert told(synced(registry, [row], SECOND)) == {"changed": 1}
    assert entity_of(registry, row["uniscid"]).state == entity_pb2.ENTITY_STATE_ACTIVE


def test_a_deregistration_ends_the_places_and_a_later_word_brings_them_back(
    registry: Registry, rencheng: Client
) -> None:
    row = a_row()
    imported(registry, [row])
    filed(rencheng, entity_of(registry, row["uniscid"]), "曲阜市鲁城街道试步路8号")
    number = registry.number_of(row["uniscid"])
    query = "SELECT state FROM premises WHERE entity_no = %s"
    synced(registry, [row | {"regstateCn": "注销"}], FIRST)
    assert registry.rows(query, number) == [("ended",)]
    synced(registry, [row], SECOND)
    assert registry.rows(query, number) == [("live",)]


def test_dormancy_without_its_days_is_to_be_decided(registry: Registry, rencheng: Client) -> None:
    row = a_row(regstateCn="歇业")
    assert told(synced(registry, [row], FIRST)) == {"new": 1}
    (item,) = items_of(registry, row["uniscid"])
    assert item.kind == STATE
    assert [(d.ours, d.theirs) for d in item.differences] == [("在营", "歇业")]
    with refused("SYNC_NOT_TAKEABLE", theirs="dormant"):
        decide(rencheng, item, TAKE)
    decide(rencheng, item, KEEP)


def test_an_entity_that_was_revoked_here_is_not_brought_back(
    registry: Registry, rencheng: Client
) -> None:
    row = a_row()
    imported(registry, [row])
    number = registry.number_of(row["uniscid"])
    revoke(registry, row)
    late = row | {"apprdate": "2026-03-01", "lerep": "王试步"}
    assert told(synced(registry, [late], FIRST)) == {"decide": 1}
    assert entity_of(registry, row["uniscid"]).state == entity_pb2.ENTITY_STATE_REVOKED
    assert {item.kind for item in items_of(registry, row["uniscid"])} == {CONFLICT}
    assert registry.rows("SELECT count(*) FROM entity_version WHERE entity_no = %s", number) == [
        (1,)
    ]


def revoke(registry: Registry, row: Row) -> None:
    """吊销, by the registrar, confirmed by the head."""
    asked: entity_pb2.Entity = registry.as_(people.RENCHENG).entities.RevokeEntity(
        entity_pb.RevokeEntityRequest(
            name=f"entities/{row['uniscid']}",
            expected_business_name=row["entname"],
            basis="济市监处罚〔2026〕1号",
            request_id=a_request_id(),
        )
    )
    registry.as_(people.RENCHENG_HEAD).admin.ConfirmAct(
        pb.ConfirmActRequest(
            name=asked.pending_acts[0].name,
            expected_business_name=row["entname"],
            request_id=a_request_id(),
        )
    )


def test_a_row_that_says_gone_changes_nothing_and_is_listed_once(registry: Registry) -> None:
    row = a_row()
    imported(registry, [row])
    gone = {"uniscid": row["uniscid"], "op": "删除"}
    assert told(synced(registry, [gone], SECOND)) == {"decide": 1}
    synced(registry, [gone], THIRD)
    (item,) = items_of(registry, row["uniscid"])
    assert (item.kind, item.source_date) == (GONE, a_date(2026, 3, 3))
    assert entity_of(registry, row["uniscid"]).state == entity_pb2.ENTITY_STATE_ACTIVE
    synced(registry, [row | {"lerep": "王试步", "apprdate": "2026-03-04"}], date(2026, 3, 5))
    assert items_of(registry, row["uniscid"]) == []


def test_gone_before_it_was_known_here_is_remembered(registry: Registry) -> None:
    row = a_row()
    assert told(synced(registry, [{"uniscid": row["uniscid"], "op": "删除"}], SECOND)) == {
        "unchanged": 1
    }
    synced(registry, [row], FIRST)
    assert [item.kind for item in items_of(registry, row["uniscid"])] == [GONE]


def test_a_complete_file_tells_what_its_source_has_no_more(
    registry: Registry, rencheng: Client
) -> None:
    source = "another-feed"
    here, missing, unreadable = a_row(), a_row(), a_row()
    for row in (here, missing, unreadable):
        del row["regorg"]
    synced(registry, [here, missing, unreadable], FIRST, source)
    whole = [here, unreadable | {"estdate": "2019-02-30"}]
    run = synced(registry, whole, SECOND, source, complete=True)
    assert told(run) == {"unchanged": 1, "rejected": 1, "missing": 1}
    assert [item.kind for item in items_of(registry, missing["uniscid"])] == [GONE]
    assert items_of(registry, here["uniscid"]) == items_of(registry, unreadable["uniscid"]) == []
    decide(rencheng, items_of(registry, missing["uniscid"])[0], KEEP)
    assert told(synced(registry, whole, THIRD, source, complete=True)) == {
        "unchanged": 1,
        "rejected": 1,
    }


def test_a_licence_is_renewed_and_signed_when_a_delta_changes_its_face(
    registry: Registry, rencheng: Client
) -> None:
    row = a_row()
    imported(registry, [row])
    rencheng.licenses.IssueLicense(
        license_service_pb2.IssueLicenseRequest(
            parent=f"entities/{row['uniscid']}", request_id=a_request_id()
        )
    )
    synced(registry, [row | {"lerep": "王试步", "apprdate": "2026-03-01"}], FIRST)
    number = registry.number_of(row["uniscid"])
    query = "SELECT state FROM license_version WHERE entity_no = %s ORDER BY version"
    for _ in range(200):  # the worker signs after its commit
        if registry.rows(query, number)[-1] == ("issued",):
            break
        settled(registry, synced(registry, [], FIRST).name)
    assert registry.rows(query, number) == [("superseded",), ("issued",)]


def test_a_hold_makes_of_every_change_something_to_decide(
    registry: Registry, rencheng: Client
) -> None:
    row = a_row()
    imported(registry, [row])
    rencheng.entities.RestrictEntity(
        entity_pb.RestrictEntityRequest(
            parent=f"entities/{row['uniscid']}",
            restriction=entity_pb2.Restriction(
                authority="济宁市某某人民法院", basis="协执1号", held_acts=[entity_pb2.HELD_ACT_ALL]
            ),
            request_id=a_request_id(),
        )
    )
    delta = row | {"lerep": "王试步", "apprdate": "2026-03-01", "regstateCn": "注销"}
    assert told(synced(registry, [delta], FIRST)) == {"decide": 1}
    found = entity_of(registry, row["uniscid"])
    assert (found.face.person, found.state) == ("郑试步", entity_pb2.ENTITY_STATE_ACTIVE)
    items = items_of(registry, row["uniscid"])
    assert {item.kind for item in items} == {CONFLICT, STATE}
    for item in items:
        with refused("ENTITY_HELD"):
            decide(rencheng, item, TAKE)


def test_two_rows_of_one_entity_are_two_facts(registry: Registry) -> None:
    row = a_row()
    later = row | {"lerep": "王试步", "apprdate": "2026-02-20"}
    assert told(synced(registry, [later, row], FIRST)) == {"new": 1, "changed": 1}
    assert [each[1:3] for each in versions_of(registry, row["uniscid"])] == [
        (date(2026, 1, 5), "郑试步"),
        (date(2026, 2, 20), "王试步"),
    ]


def test_two_rows_of_one_day_that_differ_are_set_aside(registry: Registry) -> None:
    row, gone = a_row(), a_row()
    rows = [row, row | {"lerep": "王试步"}, gone, gone | {"op": "删除"}]
    run = synced(registry, rows, FIRST)
    assert told(run) == {"quarantined": 4}
    assert {remark.reason for remark in remarks(registry, run)} == {"CODE_DOUBLED"}


def test_a_dry_run_keeps_nothing(registry: Registry) -> None:
    known, new = a_row(), a_row()
    imported(registry, [known])
    rows = [known | {"lerep": "王试步", "apprdate": "2026-03-01"}, new]
    run = sent(registry, rows, method="SyncEntities", dry_run=True, source_date=a_date(2026, 3, 2))
    assert told(run) == {"new": 1, "changed": 1}
    assert run.state == run_pb.IMPORT_RUN_STATE_TRIED
    assert entity_of(registry, known["uniscid"]).face.person == "郑试步"
    number = registry.number_of(known["uniscid"])
    assert registry.rows("SELECT * FROM source_fact WHERE entity_no = %s", number) == []


def test_an_operation_that_is_no_known_word_is_told_of(registry: Registry) -> None:
    run = synced(registry, [a_row(op="迁出")], FIRST)
    assert [(r.field, r.reason) for r in remarks(registry, run)] == [("op", "OP_UNKNOWN")]


def test_a_delta_needs_its_day(registry: Registry) -> None:
    with invalid("header.source_date"):
        sent(registry, [a_row()], method="SyncEntities")
    with invalid("header.source_date"):
        sent(registry, [a_row()], method="SyncEntities", source_date=a_date(2999, 1, 1))


def test_who_registers_elsewhere_is_told_of_as_a_conflict(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    row = a_row(uniscid=entity.uscc, apprdate="2026-02-01")
    assert told(synced(registry, [row], FIRST)) == {"decide": 1}
    assert [item.kind for item in items_of(registry, entity.uscc)] == [CONFLICT]
