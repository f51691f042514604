"""What the items of one call have in common: looked up once, however many there are."""

from license_verify.receipt import Asked
from license_verify.server.convert import asked_of
from license_verify.server.partners.desk import Admitted, Desk, Visitor
from yizhao.verify.v1.verify_service_pb2 import VerifyRequest


class Asking:
    """One caller's purposes and references, while a call lasts that is answered at once."""

    def __init__(self, desk: Desk, visitor: Visitor) -> None:
        self._desk = desk
        self._visitor = visitor
        self._admitted: dict[str, Admitted] = {}
        self._asked: dict[tuple[str, str, str, str], Asked] = {}

    def admit(self, purpose: str) -> Admitted:
        """Let a check for a purpose be done.

        Raises:
            UnknownPurpose, PurposeNotGranted …: as `Desk.admit`.
        """
        known = self._admitted.get(purpose)
        if known is None:
            known = self._admitted[purpose] = self._desk.admit(self._visitor, purpose)
        return known

    def asked(self, request: VerifyRequest, admitted: Admitted) -> Asked:
        """Who asks and for what; equal ones are one object.

        Raises:
            UnfitText: as `asked_of`.
        """
        key = (
            admitted.purpose,
            request.item_code,
            request.case_number,
            request.operator_reference,
        )
        known = self._asked.get(key)
        if known is None:
            made = asked_of(request, admitted.caller, admitted.purpose)
            known = self._asked[key] = made
        return known
