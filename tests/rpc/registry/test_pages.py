"""Faces to look at, drawn by a running registry from what was registered and signed."""

import io
from typing import cast
from xml.etree import ElementTree as Xml

import grpc
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from license_verify.rpc.errors import from_rpc_error
from tests.needed import missing
from tests.rpc.registry.second import confirmed
from tests.rpc.registry.test_lifecycle import QUFU_SHOP, changed, licensed
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_date,
    a_face,
    an_entity,
    filed,
    invalid,
    refused,
)
from yizhao.registry.v1 import entity_pb2, license_pb2
from yizhao.registry.v1 import entity_service_pb2 as entity_service
from yizhao.registry.v1 import license_service_pb2 as pb


def drawn(
    client: Client, name: str, form: pb.PageForm.ValueType = pb.PAGE_FORM_SVG
) -> pb.RenderLicenseResponse:
    answer: pb.RenderLicenseResponse = client.licenses.RenderLicense(
        pb.RenderLicenseRequest(name=name, form=form, basis="打印")
    )
    return answer


def words(answer: pb.RenderLicenseResponse) -> str:
    return "".join(text for file in answer.files for text in parsed(file).itertext())


def parsed(svg: bytes) -> Xml.Element:
    return Xml.fromstring(svg)  # noqa: S314 - our own registry drew it


def printed(
    client: Client, entity: entity_pb2.Entity, kind: license_pb2.CopyKind.ValueType
) -> license_pb2.LicenseCopy:
    copy: license_pb2.LicenseCopy = client.licenses.PrintLicenseCopy(
        pb.PrintLicenseCopyRequest(parent=entity.name, kind=kind)
    )
    return copy


def modules(answer: pb.RenderLicenseResponse) -> str:
    """The path of the symbol on the first sheet."""
    drawing = parsed(answer.files[0])
    return next(path.get("d", "") for path in drawing.iter() if path.get("fill") == "#000")


def read_symbol(path: str) -> str:
    """What zxing-cpp reads in a symbol's path of runs `Mx yhn…`, drawn by ourselves."""
    runs = [run.replace("h", " ").split("v")[0].split() for run in path.split("M")[1:]]
    side = max(int(y) for _, y, *_ in runs) + 5
    picture = Image.new("L", (side * 4, side * 4), 255)
    for x, y, length, *_ in ([int(part) for part in run[:3]] for run in runs):
        picture.paste(0, (x * 4, y * 4, (x + length) * 4, (y + 1) * 4))
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def test_an_electronic_licence_shows_the_face_that_was_signed(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    document = licensed(rencheng, entity)
    answer = drawn(rencheng, f"{entity.name}/licenses/-")
    assert (answer.media_type, answer.sheets) == ("image/svg+xml", 1)
    assert (answer.width_millimeters, answer.height_millimeters) == (297, 210)
    text, face = words(answer), entity.face
    for part in (face.business_name, entity.uscc, face.person, face.scope, face.capital):
        assert part in text
    assert "有限责任公司（自然人投资或控股）" in text
    assert "济宁市任城区行政审批服务局" in text
    assert "2020年05月06日" in text
    assert document.license_number in text
    assert document.document_id in text
    assert "测试系统打印" in text
    assert read_symbol(modules(answer)) == document.scan_text


def test_each_printed_copy_is_drawn_on_its_paper_with_its_own_symbol(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    licensed(rencheng, entity)
    original = printed(rencheng, entity, license_pb2.COPY_KIND_ORIGINAL)
    first = printed(rencheng, entity, license_pb2.COPY_KIND_DUPLICATE)
    second = printed(rencheng, entity, license_pb2.COPY_KIND_DUPLICATE)
    for copy, label, size in (
        (original, "（正本）", (420, 297)),
        (first, "副本编号：1-1", (297, 210)),
        (second, "副本编号：1-2", (297, 210)),
    ):
        answer = drawn(rencheng, copy.name)
        assert (answer.width_millimeters, answer.height_millimeters) == size
        assert label in words(answer)
        assert copy.license_number in words(answer)
        assert read_symbol(modules(answer)) == copy.scan_text


def test_a_licence_that_was_superseded_is_never_on_paper_and_says_so_on_the_screen(
    rencheng: Client,
) -> None:
    entity = an_entity(rencheng)
    document = licensed(rencheng, entity)
    copy = printed(rencheng, entity, license_pb2.COPY_KIND_ORIGINAL)
    current = rencheng.entities.GetEntity(entity_service.GetEntityRequest(name=entity.name))
    changed(rencheng, current, person="孙试改")
    with refused("NOT_PRINTABLE", status="SUPERSEDED"):
        drawn(rencheng, copy.name)
    old, new = drawn(rencheng, document.name), drawn(rencheng, f"{entity.name}/licenses/-")
    assert "钱试写" in words(old)
    assert "失效" in words(old)
    assert "孙试改" in words(new)
    assert "失效" not in words(new)


def test_a_revoked_licence_says_so_inside(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    licensed(rencheng, entity)
    act = entity_service.RevokeEntityRequest(
        name=entity.name, expected_business_name=entity.face.business_name, basis="决定书"
    )
    confirmed(registry, rencheng.entities.RevokeEntity(act))
    assert "该主体已被吊销营业执照" in words(drawn(rencheng, f"{entity.name}/licenses/-"))


def test_the_sheet_of_a_place_names_firm_place_supervisor_and_what_to_scan(
    rencheng: Client,
) -> None:
    entity = an_entity(rencheng)
    licensed(rencheng, entity)
    place = filed(rencheng, entity, QUFU_SHOP).premises
    code = rencheng.licenses.IssueSiteCode(pb.IssueSiteCodeRequest(parent=place))
    answer = drawn(rencheng, f"{place}/codes/-")
    for part in (entity.face.business_name, QUFU_SHOP, "曲阜市市场监督管理局", f"{entity.uscc}-1"):
        assert part in words(answer)
    assert read_symbol(modules(answer)) == code.scan_text
    marked = drawn(rencheng, f"{entity.name}/licenses/-")
    assert "（一照多址）" in words(marked)


def test_markup_in_a_name_is_text(rencheng: Client) -> None:
    name = "济宁市<script>alert(1)</script>&amp;\"商行'有限公司"
    entity = an_entity(rencheng, face=a_face(business_name=name))
    licensed(rencheng, entity)
    answer = drawn(rencheng, f"{entity.name}/licenses/-")
    assert name in words(answer)
    page = drawn(rencheng, f"{entity.name}/licenses/-", pb.PAGE_FORM_HTML)
    (content,) = page.files
    assert page.media_type == "text/html; charset=utf-8"
    assert b"<script" not in content
    assert b"default-src 'none'" in content


def test_a_pdf_has_its_fonts_and_its_size(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    licensed(rencheng, entity)
    copy = printed(rencheng, entity, license_pb2.COPY_KIND_ORIGINAL)
    try:
        answer = drawn(rencheng, copy.name, pb.PAGE_FORM_PDF)
    except grpc.RpcError as error:
        if from_rpc_error(error).reason != "PRINT_FONT_MISSING":
            raise
        missing("a PDF needs a Chinese font: install fonts-noto-cjk")
    (content,) = answer.files
    assert answer.media_type == "application/pdf"
    (page,) = PdfReader(io.BytesIO(content)).pages
    text = page.extract_text().replace("\0", "")
    assert entity.uscc in text
    assert entity.face.business_name in text


def test_a_household_without_a_name_is_drawn(rencheng: Client) -> None:
    face = a_face(
        business_name="",
        type_code=9500,
        capital=None,
        organization_form="个人经营",
        establish_date=a_date(2024, 2, 29),
    )
    entity = an_entity(rencheng, face=face)
    licensed(rencheng, entity)
    text = words(drawn(rencheng, f"{entity.name}/licenses/-"))
    assert "个人经营" in text
    assert "2024年02月29日" in text


def test_what_can_not_be_drawn_is_named(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    with refused("LICENSE_UNKNOWN"):
        drawn(rencheng, f"{entity.name}/licenses/-")
    with refused("COPY_UNKNOWN"):
        drawn(rencheng, f"{entity.name}/copies/1")
    with invalid("form"):
        drawn(rencheng, f"{entity.name}/licenses/-", cast("pb.PageForm.ValueType", 9))
    with invalid("name"):
        drawn(rencheng, entity.name)
