"""What somebody with a phone sees."""

import gzip
import io
import logging
from dataclasses import replace

import httpx
import pytest

from license_verify import Status
from tests.e2e.page.node import Node, until
from tests.e2e.page.registry import Publisher
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import (
    CLAIMS,
    FACE,
    HOST,
    INDEX,
    SITE_CLAIMS,
    SITE_INDEX,
    USCC,
    Signer,
    World,
)
from yizhao.registry.v1 import entity_pb2

HOLDER = "只证明执照，不证明出示人"


def publish(publisher: Publisher, node: Node, **changes: object) -> None:
    """Publish anew, and wait until the node has taken it."""
    publisher.world = replace(publisher.world, seq=publisher.world.seq + 1, **changes)  # type: ignore[arg-type] # fields of the world
    node.await_seq(publisher)


def shows_no_face(page: httpx.Response) -> bool:
    secrets = (FACE.name, FACE.person, FACE.address, USCC)
    return not any(secret and secret in page.text for secret in secrets)


def test_a_valid_licence_shows_verdict_face_premises_and_age(node: Node, world: World) -> None:
    page = node.scan(world.scan())
    assert page.status_code == 200
    assert "有效" in page.text
    assert 'class="verdict ok"' in page.text
    for told in (FACE.name, FACE.person, FACE.address, USCC, "法定代表人", "注册资本", "住所"):
        assert told is not None
        assert told in page.text
    assert "任城区" in page.text  # the registrar
    assert page.text.index("曲阜市 ") < page.text.index("邹城市 ")  # groups of premises
    assert "邹城市钢山街道样例大道66号" in page.text
    assert HOLDER in page.text
    assert "数据截至" in page.text
    assert "测试系统" in page.text


def test_the_verdict_comes_before_the_face(node: Node, world: World) -> None:
    text = node.scan(world.scan()).text
    body = text[text.index("<main>") :]
    assert body.index("<h1") < body.index(str(FACE.name))


def test_a_site_code_marks_the_scanned_place(node: Node, world: World) -> None:
    page = node.scan(world.scan(SITE_CLAIMS))
    assert "经营场所码" in page.text
    marked = page.text[page.text.index('class="scanned"') :]
    assert marked.index("试写路15号") < marked.index("</li>")
    assert page.text.count('class="scanned"') == 1


def test_a_firm_in_liquidation_is_told_of_and_stays_valid(
    node: Node, publisher: Publisher, world: World
) -> None:
    publisher.state = entity_pb2.ENTITY_STATE_LIQUIDATING
    page = node.scan(world.scan())
    assert 'class="verdict ok"' in page.text
    assert "该主体正在清算。" in page.text
    assert "The entity is in liquidation." in page.text
    publisher.state = entity_pb2.ENTITY_STATE_ACTIVE
    assert "清算" not in node.scan(world.scan()).text


def test_a_site_code_shows_the_registrar_that_the_firm_moved_to(
    node: Node, publisher: Publisher, world: World
) -> None:
    publisher.registrar = "units/21"
    assert registrar_on(node.scan(world.scan(SITE_CLAIMS))) == "邹城市"
    assert registrar_on(node.scan(world.scan())) == "任城区"  # a licence is replaced by a move
    publisher.registrar = ""
    assert registrar_on(node.scan(world.scan(SITE_CLAIMS))) == "任城区"


def registrar_on(page: httpx.Response) -> str:
    """The value of the line 登记机关."""
    line = page.text[page.text.index("<dt>登记机关") :]
    return line[line.index("<dd>") + 4 : line.index("</dd>")]


@pytest.mark.parametrize(
    ("status", "tone", "words"),
    [
        (Status.SUPERSEDED, "warn", "已换发"),
        (Status.SUSPENDED, "warn", "歇业"),
        (Status.REVOKED, "bad", "已吊销"),
        (Status.DEREGISTERED, "bad", "已注销"),
        (Status.ANNULLED, "bad", "已撤销"),
        (Status.LOST_VOID, "bad", "已挂失作废"),
    ],
)
def test_each_status_is_told_in_words_with_the_face(
    node: Node, publisher: Publisher, status: Status, tone: str, words: str
) -> None:
    publish(publisher, node, statuses={INDEX: status, SITE_INDEX: status})
    page = node.scan(publisher.world.scan())
    assert page.status_code == 200
    assert f'class="verdict {tone}"' in page.text
    assert words in page.text
    assert str(FACE.name) in page.text


def test_an_outdated_print_says_what_changed_and_since_when(
    node: Node, publisher: Publisher
) -> None:
    publisher.version, publisher.person = FACE.version + 1, "孙试写"
    publish(publisher, node, statuses={INDEX: Status.SUPERSEDED})
    page = node.scan(publisher.world.scan())
    assert "2026-10-09" in page.text
    assert "变更事项" in page.text
    assert "孙试写" not in page.text


def test_a_forged_code_shows_no_face(node: Node, world: World, publisher: Publisher) -> None:
    forger = replace(world, token=Signer())
    forger.token.kid = world.token.kid
    page = node.scan(forger.scan())
    assert page.status_code == 200
    assert 'class="verdict bad"' in page.text
    assert "伪造" in page.text
    assert shows_no_face(page)
    assert HOLDER not in page.text
    assert publisher.requests == []


def test_a_truncated_code_is_unreadable_and_says_to_scan_again(node: Node, world: World) -> None:
    page = node.scan(world.scan()[:-40])
    assert page.status_code == 200
    assert 'class="verdict bad"' in page.text
    assert "重新扫描" in page.text
    assert shows_no_face(page)


def test_another_host_is_told_to_be_a_possible_fake(node: Node, world: World) -> None:
    page = node.get(world.scan().removeprefix(f"https://{HOST}"), host="yizhao-example.cn")
    assert "可能是仿冒网站" in page.text
    assert 'class="verdict bad"' in page.text


def test_a_query_string_is_ignored(node: Node, world: World) -> None:
    assert "有效" in node.scan(world.scan() + "?from=groupmessage&isappinstalled=0").text


def test_the_register_is_asked_for_the_page_under_its_purpose(
    node: Node, world: World, publisher: Publisher
) -> None:
    node.scan(world.scan())
    assert publisher.requests == [f"entities/{USCC} for general"]


def test_the_page_is_safe_small_and_needs_no_script(node: Node, world: World) -> None:
    page = node.scan(world.scan())
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["strict-transport-security"]
    assert page.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(page.content, 6)) < 14 * 1024
    assert "<script" not in page.text
    assert "server" not in page.headers


def test_links_lead_from_a_licence_to_a_place_and_to_a_county(node: Node, world: World) -> None:
    page = node.scan(world.scan())
    assert 'href="?site=7"' in page.text
    one = node.scan(world.scan() + "?site=7&from=singlemessage")
    assert "曲阜市鲁城街道试写路15号1-2层" in one.text
    assert "邹城市钢山街道" not in one.text
    county = node.scan(world.scan() + "?unit=21")
    assert "邹城市钢山街道" in county.text
    assert "试写路15号" not in county.text


def test_a_site_leads_to_what_is_registered_of_its_firm(
    node: Node, publisher: Publisher, world: World
) -> None:
    publisher.person = "孙试写"
    assert "孙试写" not in node.scan(world.scan(SITE_CLAIMS)).text
    assert "孙试写" in node.scan(world.scan(SITE_CLAIMS) + "?firm").text


def test_a_home_among_the_places_is_not_told_to_the_door(
    node: Node, publisher: Publisher, world: World
) -> None:
    publisher.dwellings = {9: "邹城市钢山街道"}
    page = node.scan(world.scan()).text
    assert "样例大道66号" not in page
    assert "住宅，门牌不公开" in page


@pytest.mark.parametrize(
    "path",
    [
        "/https://zzlz.gsxt.gov.cn/businessCheck/verifKey.do?showType=p&serial=9&signData=M",
        "/http:/www.gsxt.gov.cn/index.html",
        "/https%3A%2F%2Fwww.gsxt.gov.cn%2F",
        "/91370811MAJN000108-SAIC_SHOW_1000000091370811MAJN0001081600000000000",
    ],
)
def test_a_national_code_pasted_behind_this_host_says_where_to_check_it(
    node: Node, path: str
) -> None:
    page = node.get(path)
    assert page.status_code == 200
    assert "非本系统二维码" in page.text
    assert "www.gsxt.gov.cn" in page.text


def test_a_page_that_fails_says_so_and_no_log_holds_its_address(
    node: Node, world: World, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise ValueError(FACE.name)

    monkeypatch.setattr("license_verify.server.page.app.view_of", broken)
    page = node.scan(world.scan() + "?from=x")
    assert page.status_code == 500
    assert "没有得出核验结果" in page.text
    until(lambda: "ValueError" in log.getvalue())  # the answer leaves before it is written
    written = log.getvalue()
    assert world.scan()[-60:] not in written
    for secret in (FACE.name, FACE.person, USCC):
        assert str(secret) not in written


def test_an_access_log_that_somebody_switched_on_stays_empty(node: Node, world: World) -> None:
    logger, written = logging.getLogger("uvicorn.access"), io.StringIO()
    handler, level = logging.StreamHandler(written), logger.level
    logger.addHandler(handler)
    logger.setLevel("INFO")
    try:
        assert node.scan(world.scan()).status_code == 200
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert written.getvalue() == ""


def test_markup_in_a_face_stays_text(node: Node, world: World) -> None:
    face = replace(FACE, name="<b>试写</b>&\"'有限公司")
    page = node.scan(world.scan(replace(CLAIMS, face=face)))
    assert "&lt;b&gt;试写&lt;/b&gt;&amp;" in page.text
    assert "<b>试写" not in page.text


def test_a_replaced_face_is_labelled_as_outdated(node: Node, publisher: Publisher) -> None:
    publish(publisher, node, statuses={INDEX: Status.SUPERSEDED})
    assert "旧版内容" in node.scan(publisher.world.scan()).text
