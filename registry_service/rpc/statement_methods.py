"""The method of LicenseService about premises statements."""

from typing import Final

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import StatementChanging, StatementUnknown
from registry_service.domain.statement import StatementState, StoredStatement
from registry_service.domain.whole import Whole
from registry_service.issuing.statement import content_of
from registry_service.operations.act import Act
from registry_service.operations.finish_statements import StatementFinisher
from registry_service.operations.issue_statement import issue_statement, signed_in_force
from registry_service.operations.look import Sight
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_entity import entity_name
from registry_service.rpc.convert_license import versioned
from registry_service.rpc.convert_values import purpose_from_pb, time_to_pb
from yizhao.registry.v1 import license_service_pb2 as pb
from yizhao.registry.v1 import premises_statement_pb2

_STATEMENTS: Final = "entities/*/premisesStatements/*"
_ATTEMPTS: Final = 3
_STATES: Final = {
    StatementState.ISSUED: premises_statement_pb2.PREMISES_STATEMENT_STATE_ISSUED,
    StatementState.SUPERSEDED: premises_statement_pb2.PREMISES_STATEMENT_STATE_SUPERSEDED,
}


class StatementMethods:
    """GetPremisesStatement."""

    def __init__(self, answers: Answers, finisher: StatementFinisher) -> None:
        self._answers = answers
        self._finisher = finisher

    def get(
        self, request: pb.GetPremisesStatementRequest
    ) -> premises_statement_pb2.PremisesStatement:
        """GetPremisesStatement."""
        (code,), version = versioned(request.name, _STATEMENTS)
        sight = Sight.of(ActName.GET_PREMISES_STATEMENT, code, purpose_from_pb(request))

        def read(act: Act, looked: Whole) -> tuple[Entity, StoredStatement | None]:
            entity = looked.entity
            if version is None:
                return entity, signed_in_force(act, entity)
            return entity, act.tx.statements.find(entity.number, version)

        entity, found = self._answers.look(sight, read)
        return statement_to_pb(found or self._in_force(code), entity.uscc)

    def _in_force(self, code: str) -> StoredStatement:
        """The list in force, signed now if it is not yet.

        Raises:
            StatementChanging: whenever it was to be signed it had changed.
        """
        for _ in range(_ATTEMPTS):
            with self._answers.act() as act:
                statement = issue_statement(act, code)
            if statement.state is StatementState.INTENT:
                statement = self._finisher.finish(statement, act.actor)
            if statement.document is not None:
                return statement
        raise StatementChanging(
            "the list changed while it was signed; ask again",
            zh="经营场所清单正在变动，请稍后重试",
        )


def statement_to_pb(
    statement: StoredStatement, uscc: str
) -> premises_statement_pb2.PremisesStatement:
    """A statement on the wire.

    Raises:
        StatementUnknown: it was never signed.
    """
    if statement.document is None or statement.issued_at is None:
        raise StatementUnknown(
            f"premises statement {statement.version} was never signed",
            zh=f"第 {statement.version} 版经营场所清单没有签发",
            version=statement.version,
        )
    content = content_of(statement.to_be_signed)
    return premises_statement_pb2.PremisesStatement(
        name=f"{entity_name(uscc)}/{statement.name}",
        version=statement.version,
        state=_STATES[statement.state],
        entity_version=statement.face_version,
        premises_count=len(content.premises),
        content=statement.document,
        kid=statement.kid,
        status_uri=content.status.uri,
        status_index=content.status.index,
        issue_time=time_to_pb(statement.issued_at),
    )
