"""Addresses that are no scan: a clear page, the right status, nothing checked."""

import re
import socket
import ssl
from pathlib import Path

import httpx
import pytest

from license_verify.rpc.identity import Authority
from tests.e2e.page.node import Node, a_node, settings
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import HOST, World


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/about", 404, "没有这个网页"),
        ("/favicon.ico", 404, "没有这个网页"),
        ("/s/zero", 404, "没有这个网页"),
        ("/s/00", 404, "没有这个网页"),
        ("/s/" + "9" * 5000, 404, "没有这个网页"),
        ("/123abc", 400, "其他字符"),
        ("/123%20", 400, "其他字符"),
        ("/123/", 400, "其他字符"),
        ("/%31%32%33", 404, "没有这个网页"),
        ("/%ff%fe", 400, "编码有误"),
        ("/12%ff", 400, "编码有误"),
        ("/" + "9" * 1601, 414, "网址过长"),
    ],
)
def test_an_address_that_is_no_scan_says_what_is_wrong(
    node: Node, path: str, status: int, words: str
) -> None:
    page = node.get(path)
    assert page.status_code == status
    assert words in page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_a_megabyte_of_digits_is_refused_by_the_size_of_the_request_line(node: Node) -> None:
    answer = raw(node, b"GET /" + b"9" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 414 ")
    assert "网址过长".encode() in answer


def test_bytes_that_are_no_http_are_refused(node: Node) -> None:
    answer = raw(node, b"\xff\xfe\x00GET\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert "请求无效".encode() in answer


def test_a_request_without_a_host_is_refused(node: Node) -> None:
    answer = raw(node, b"GET /123 HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert "缺少主机名".encode() in answer


def test_writing_is_refused(node: Node) -> None:
    head = ("POST /123 HTTP/1.1", f"Host: {HOST}", "Content-Length: 0", "Connection: close")
    answer = raw(node, "\r\n".join((*head, "", "")).encode())
    assert answer.startswith(b"HTTP/1.1 405 ")


def test_the_front_page_says_what_this_host_does(node: Node) -> None:
    page = node.get("/")
    assert page.status_code == 200
    assert "用手机相机扫描" in page.text
    assert "不证明出示人" in page.text


def test_without_tls_the_page_is_served_on_loopback_when_told_so(
    tmp_path: Path, authorities: Authorities, log: Log
) -> None:
    config = settings(tmp_path, authorities, World(), "127.0.0.1:1", PLAIN_HTTP="true")
    with a_node(config, authorities) as node:
        page = httpx.get(f"http://{node.page_address}/", trust_env=False, timeout=30)
    assert page.status_code == 200
    assert "strict-transport-security" not in page.headers


def raw(node: Node, request: bytes) -> bytes:
    """Send bytes as they are, read one answer."""
    trusted = ssl.create_default_context(
        cadata=node.authorities.of[Authority.SERVICES].pem.decode()
    )
    host, _, port = node.page_address.rpartition(":")
    answer = b""
    with (
        socket.create_connection((host, int(port)), timeout=60) as plain,
        trusted.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        line.sendall(request)
        while part := line.recv(65536):
            answer += part
            head, _, body = answer.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            if length and len(body) >= int(length[1]):
                break
    return answer
