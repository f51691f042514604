"""收存材料: a document's content is kept, to be named by its digest in filings."""

import hashlib
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.documents import DocumentStore
from registry_service.domain.authority import ActName
from registry_service.domain.errors import DigestDiffers, DocumentTooLarge, InvalidRequest
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.record import record

MOST_BYTES: Final = 3 * 1024 * 1024


def keep_document(
    act: Act, documents: DocumentStore, code: str, receipt: str, content: bytes, sha256: bytes
) -> bytes:
    """Keep a content that came with an application; its digest.

    It is kept before the event is committed: after a crash between the two there is a content
    that nothing names, never a name without content.

    Args:
        act: who and when.
        documents: where contents are kept.
        code: of the entity.
        receipt: 受理编号 of the application.
        content: 1 byte to 3 MiB.
        sha256: what the caller knows it to be; empty to have it computed.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        ApplicationUnknown: the entity has no such application.
        DocumentTooLarge: more than 3 MiB.
        DigestDiffers: the content is not what `sha256` says.
        InvalidRequest: it is empty.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.ADD_DOCUMENT, entity=entity)
    application = act.tx.applications.find(entity.number, receipt)
    if not content:
        raise InvalidRequest(FieldViolation("content", "is empty", "材料内容为空"))
    if len(content) > MOST_BYTES:
        raise DocumentTooLarge(
            f"a document has at most {MOST_BYTES} bytes",
            zh="单份材料不能超过 3 MiB，请压缩或分成多份",
            limit=MOST_BYTES,
        )
    digest = hashlib.sha256(content).digest()
    if sha256 not in (b"", digest):
        raise DigestDiffers(
            "the content is not what sha256 says; send it again",
            zh="收到的材料与所报摘要不一致，请重新上传",
            sha256=digest.hex(),
        )
    documents.put(content)
    record(
        act,
        entity,
        "application.document_kept",
        unit=unit,
        subject=f"applications/{application.receipt_number}",
        basis=f"sha256:{digest.hex()}",
    )
    return digest
