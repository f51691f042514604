"""Who listens where a service has to."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography import x509

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import ServiceKnown, Subject

_SECONDS: Final = 1.0
_ANY: Final = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}  # noqa: S104 - what a setting may say
_LISTENS: Final = (("LISTEN", "TLS"), ("HTTPS_LISTEN", "HTTPS"))


def listening(subject: Subject) -> Iterator[Finding]:
    """For each address: our service, another program, or nobody."""
    found = False
    for service in subject.services.values():
        for name, pair in _LISTENS:
            host, _, port = service.text(name).rpartition(":")
            if host and port.isdigit() and port != "0":
                found = True
                plain = pair == "HTTPS" and service.text("PLAIN_HTTP").lower() in ("1", "true")
                yield _at(
                    subject, service, (_ANY.get(host, host.strip("[]")), int(port)), pair, plain
                )
    if not found:
        yield not_applicable("LISTEN", "没有固定端口", "no fixed port is set here")


def _at(
    subject: Subject, service: ServiceKnown, address: tuple[str, int], pair: str, plain: bool
) -> Finding:
    looked_at = f"{service.name} {address[0]}:{address[1]}"
    try:
        connection = socket.create_connection(address, _SECONDS)
    except OSError:
        return _nobody(subject, service, looked_at)
    with connection:
        if plain:
            return ok(
                looked_at, "有程序应答（明文，未核对）", "somebody answers; plain, not compared"
            )
        shown = _shown(connection, service, pair)
    own = _certificate(service.path(f"{pair}_CERT"))
    if shown is None or (own is not None and shown.subject != own.subject):
        return fail(
            looked_at,
            "端口已被其他程序占用",
            "another program listens there: stop it, or give the service another port",
            f"ss -ltnp 'sport = :{address[1]}'",
        )
    if own is not None and shown != own:
        return warn(
            looked_at,
            "服务仍在使用旧证书，需重启",
            "it serves with another certificate than the file's: start it again",
            service.restart,
        )
    return ok(looked_at, "本服务在应答", "our service answers")


def _nobody(subject: Subject, service: ServiceKnown, looked_at: str) -> Finding:
    if not service.of_instance:
        return fail(
            looked_at, "服务未运行", "nobody listens there: the service does not run", service.start
        )
    if subject.running is None:
        return not_applicable(looked_at, "未启动，端口空闲", "not started; the port is free")
    start = "yizhao registry start" if service.name == "registry" else "yizhao up"
    return fail(looked_at, "服务未运行", "nobody listens there: the service was stopped", start)


def _shown(connection: socket.socket, service: ServiceKnown, pair: str) -> x509.Certificate | None:
    """The certificate that the other side shows; None if it speaks no TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # we only look at who it is
    context.set_alpn_protocols(["h2"] if pair == "TLS" else ["http/1.1"])
    certificate, key = service.path("TLS_CERT"), service.path("TLS_KEY")
    with suppress(OSError, ssl.SSLError):
        if certificate is not None:
            context.load_cert_chain(certificate, key)
    try:
        with context.wrap_socket(connection) as wrapped:
            content = wrapped.getpeercert(binary_form=True)
    except (OSError, ssl.SSLError):
        return None
    return x509.load_der_x509_certificate(content) if content else None


def _certificate(path: Path | None) -> x509.Certificate | None:
    with suppress(OSError, ValueError):
        if path is not None:
            return x509.load_pem_x509_certificates(path.read_bytes())[0]
    return None
