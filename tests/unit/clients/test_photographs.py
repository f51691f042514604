"""`yizhao verify` at a counter: photographs of printed codes, pasted texts, receipts."""

import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import qrcode
import zxingcpp
from PIL import Image

from clients.cli.main import main
from clients.cli.pictures import read_picture
from clients.cli.subjects import read_subject
from clients.exits import DONE, INVALID, REFUSED, USAGE, Failure
from clients.integrators import codes
from clients.integrators.codes import receipt_of_a_check
from tests.unit.clients.photographs import Camera, sheet
from tests.vectors.make_integrators import FOLDER

TEXT = {code.name: code.text for code in codes()}
DATA = ("--bundle", str(FOLDER / "bundle.cbor"), "--root", str(FOLDER / "root.pub.pem"))
OFFLINE = (*DATA, "--environment", "integrators", "--now", "2026-11-02T09:03:00")


@pytest.mark.parametrize("name", ["licence", "site"])
@pytest.mark.parametrize(
    "camera",
    [
        Camera(),
        Camera(tilt=0.15),
        Camera(blur=1.6, quality=75),
        Camera(shade=0.75, noise=6),
        Camera(scale=1.3, blur=0.8, quality=60),
        Camera(scale=2.4, blur=2.0, noise=8, shade=0.5, quality=70),
    ],
    ids=["plain", "tilted", "blurred", "half in the dark", "sent by messenger", "large"],
)
def test_a_photograph_of_a_printed_code_is_read(camera: Camera, name: str) -> None:
    content = camera.photograph(sheet(TEXT[name]))
    assert read_picture(content, "photo.jpg").text == TEXT[name]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_that_its_camera_turned_or_mirrored_is_read(orientation: int) -> None:
    exif, out = Image.Exif(), BytesIO()
    exif[0x0112] = orientation
    sheet(TEXT["licence"]).save(out, "JPEG", exif=exif)
    assert read_picture(out.getvalue(), "photo.jpg").text == TEXT["licence"]


def test_a_screenshot_with_a_transparent_ground_is_read() -> None:
    drawn = Image.open(FOLDER / "licence.png").convert("L")
    clear = Image.new("RGBA", drawn.size, (0, 0, 0, 0))
    clear.putalpha(drawn.point(lambda grey: 255 - grey))
    out = BytesIO()
    clear.save(out, "PNG")
    assert read_picture(out.getvalue(), "screenshot.png").text == TEXT["licence"]


def test_of_several_codes_in_a_picture_ours_is_read_and_the_rest_is_told() -> None:
    out = BytesIO()
    sheet(TEXT["licence"], "https://pay.example/abc", "hello").save(out, "PNG")
    found = read_picture(out.getvalue(), "counter.png")
    assert found.text == TEXT["licence"]
    assert sorted(found.left_out) == ["hello", "https://pay.example/abc"]


def test_two_codes_of_ours_are_not_chosen_between() -> None:
    out = BytesIO()
    sheet(TEXT["licence"], TEXT["site"]).save(out, "PNG")
    with pytest.raises(Failure, match="2 different codes of this system") as told:
        read_picture(out.getvalue(), "both.png")
    assert TEXT["site"][-8:] in str(told.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\0\0\0\x24ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x20ftypmif1\0\0\0\0", "HEIF"),
        (b"\0\0\0\x20ftypavif\0\0\0\0", "AVIF"),
        (b"%PDF-1.7\n", "PDF"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    ],
)
def test_a_format_that_is_not_read_is_named_with_what_to_do(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "picture"
    path.write_bytes(content)
    with pytest.raises(Failure, match=f"{said}.*JPEG or PNG") as told:
        read_subject(str(path))
    assert said in told.value.zh


def test_a_bar_code_on_the_paper_is_no_code_of_a_licence() -> None:
    drawn = zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode("12345678", zxingcpp.BarcodeFormat.Code128), scale=4
    )
    out = BytesIO()
    Image.fromarray(np.array(drawn)).save(out, "PNG")
    assert zxingcpp.read_barcode(Image.open(out)) is not None
    with pytest.raises(Failure, match="no code found"):
        read_picture(out.getvalue(), "bar.png")


@pytest.mark.parametrize(
    "spoilt",
    [
        " {}",
        "{}\n\n",
        "{}\u200b",
        "\ufeff{}",
        "{}\u3000",
        "“{}”".replace("“", "\u2068").replace("”", "\u2069"),
    ],
)
def test_a_pasted_text_with_something_unseen_around_it_is_told_and_not_checked(
    spoilt: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", spoilt.format(TEXT["licence"]), *OFFLINE]) == USAGE
    told = capsys.readouterr()
    assert "未予核验" in told.err
    assert told.out == ""


def test_a_text_broken_by_a_messenger_is_told() -> None:
    text = TEXT["licence"]
    with pytest.raises(Failure, match="line breaks"):
        read_subject(f"{text[:200]}\n{text[200:]}")


@pytest.mark.parametrize(
    "typed", ["91370811 MAJN0001 08", "91370811majn000108", "９１370811MAJN000108"]
)
def test_a_code_that_was_typed_untidily_is_told_as_it_should_be(typed: str) -> None:
    with pytest.raises(Failure, match="Write it as 91370811MAJN000108"):
        read_subject(typed)


@pytest.mark.parametrize("text", ["hello world", "https://example.cn/x 12", " "])
def test_a_text_that_is_no_code_either_way_is_checked_as_it_is(text: str) -> None:
    assert (read_subject(text).kind, read_subject(text).text) == ("scan", text)


def test_a_clerk_reads_what_came_of_a_photograph_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = tmp_path / "photo.jpg"
    page = sheet(TEXT["revoked"], "https://pay.example/abc")
    photo.write_bytes(Camera(tilt=0.1, shade=0.5).photograph(page))
    assert main(["verify", str(photo), *OFFLINE]) == INVALID
    told = capsys.readouterr()
    for words in ("已吊销", "INVALID / REVOKED", "revoked", "济宁市联调样例商贸有限公司"):
        assert words in told.out
    assert "图中另有 1 个其他系统的二维码，未核验" in told.err


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    path = tmp_path / "receipt.cose"
    path.write_bytes(receipt_of_a_check())
    return path


RECEIPT = (*DATA, "--environment", "integrators")


def test_a_receipt_says_in_words_what_it_proves_and_what_not(
    receipt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "receipt", str(receipt), *RECEIPT]) == DONE
    told = capsys.readouterr().out.replace("\n", "")
    for words in ("凭据真实", "北京时间", "partner/example", "91370811MAJN00X29R"):
        assert words in told
    assert main(["--json", "verify", "receipt", str(receipt), *RECEIPT]) == DONE
    read = json.loads(capsys.readouterr().out)
    assert (read["outcome"], read["status"], read["reason"]) == ("VALID", "VALID", "OK")
    assert "不证明此后的状态，也不证明出示人" in read["zh"]
    assert "2026-11-02 09:00:00" in read["en"]


def test_a_receipt_that_was_altered_is_refused(
    receipt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(receipt.read_bytes())
    content[-1] ^= 1
    receipt.write_bytes(content)
    assert main(["verify", "receipt", str(receipt), *RECEIPT]) == INVALID
    assert "核验凭据无效" in capsys.readouterr().err
    assert main(["verify", "receipt", str(receipt.parent / "no.cose"), *RECEIPT]) == REFUSED
    assert "no such file" in capsys.readouterr().err


def test_a_picture_without_an_extension_is_known_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "camera-roll"
    qrcode.make("https://zz.example/123").save(path, "PNG")
    assert read_subject(str(path)).text == "https://zz.example/123"
