"""Every refusal of the registry. Reasons are part of the API and never reused."""

from license_verify import refusal
from license_verify.refusal import Kind, Refusal


class RegistryError(Refusal):
    """A refusal the caller can act on. Everything else is a bug."""


class InvalidRequest(refusal.InvalidRequest, RegistryError):
    """One or more fields are wrong; all of them are named at once."""


class EntityUnknown(RegistryError):
    """No entity has or had that code."""

    kind, reason = Kind.NOT_FOUND, "ENTITY_UNKNOWN"


class ApplicationUnknown(RegistryError):
    """The entity has no application with that receipt number."""

    kind, reason = Kind.NOT_FOUND, "APPLICATION_UNKNOWN"


class FilingUnknown(RegistryError):
    """The entity has no filing with that number."""

    kind, reason = Kind.NOT_FOUND, "FILING_UNKNOWN"


class PremisesUnknown(RegistryError):
    """The entity has no premises with that number."""

    kind, reason = Kind.NOT_FOUND, "PREMISES_UNKNOWN"


class HandoverUnknown(RegistryError):
    """The entity has no hand-over with that number."""

    kind, reason = Kind.NOT_FOUND, "HANDOVER_UNKNOWN"


class MarkUnknown(RegistryError):
    """The entity has no mark with that number."""

    kind, reason = Kind.NOT_FOUND, "MARK_UNKNOWN"


class RestrictionUnknown(RegistryError):
    """The entity has no hold with that number."""

    kind, reason = Kind.NOT_FOUND, "RESTRICTION_UNKNOWN"


class PolicyUnknown(RegistryError):
    """There is no version of the review policy with that number."""

    kind, reason = Kind.NOT_FOUND, "POLICY_UNKNOWN"


class LicenseUnknown(RegistryError):
    """No such licence or site code was issued."""

    kind, reason = Kind.NOT_FOUND, "LICENSE_UNKNOWN"


class StatementUnknown(RegistryError):
    """The entity has no premises statement with that version, or it was never signed."""

    kind, reason = Kind.NOT_FOUND, "STATEMENT_UNKNOWN"


class RecoveryItemUnknown(RegistryError):
    """The entity has no recovery item with that number."""

    kind, reason = Kind.NOT_FOUND, "RECOVERY_ITEM_UNKNOWN"


class ListUnknown(RegistryError):
    """No status list has that number."""

    kind, reason = Kind.NOT_FOUND, "LIST_UNKNOWN"


class CodeTaken(RegistryError):
    """Another entity has or had the code."""

    kind, reason = Kind.EXISTS, "CODE_TAKEN"


class StatementChanging(RegistryError):
    """The list of places changed again and again while a statement of it was signed."""

    kind, reason = Kind.STALE, "STATEMENT_CHANGING"


class EtagMismatch(RegistryError):
    """The thing changed since it was read."""

    kind, reason = Kind.STALE, "ETAG_MISMATCH"


class RequestIdReused(RegistryError):
    """The request id was used for another request."""

    kind, reason = Kind.BLOCKED, "REQUEST_ID_REUSED"


class NotYourUnit(RegistryError):
    """Another unit owns the thing; metadata `owner` and `owner_name` say which."""

    kind, reason = Kind.DENIED, "NOT_YOUR_UNIT"


class RoleMissing(RegistryError):
    """The act needs a role that the actor does not hold; metadata `role` says which."""

    kind, reason = Kind.DENIED, "ROLE_MISSING"


class StaffUnknown(RegistryError):
    """The certificate names a person who is not on the staff table, or is disabled."""

    kind, reason = Kind.UNAUTHENTICATED, "STAFF_UNKNOWN"


class WorkloadDisabled(RegistryError):
    """The workload stands on the list of disabled ones."""

    kind, reason = Kind.UNAUTHENTICATED, "WORKLOAD_DISABLED"


class EntityEnded(RegistryError):
    """吊销, 注销 or 撤销: the act is no longer possible."""

    kind, reason = Kind.BLOCKED, "ENTITY_ENDED"


class StateForbids(RegistryError):
    """The act is not possible in the entity's state; metadata `state` says which."""

    kind, reason = Kind.BLOCKED, "STATE_FORBIDS"


class EntityHeld(RegistryError):
    """A hold blocks the act; metadata `authority` and `basis` say whose."""

    kind, reason = Kind.BLOCKED, "ENTITY_HELD"


class RestrictionEnded(RegistryError):
    """The hold was lifted already."""

    kind, reason = Kind.BLOCKED, "RESTRICTION_ENDED"


class AlreadyHome(RegistryError):
    """The entity is registered here; there is nothing to move."""

    kind, reason = Kind.BLOCKED, "ALREADY_HOME"


class DormancyTooLong(RegistryError):
    """Three years in all are the most; metadata `until` says how far it may go."""

    kind, reason = Kind.BLOCKED, "DORMANCY_TOO_LONG"


class ExtensionTooEarly(RegistryError):
    """Dormancy is extended in its last 30 days; metadata `opens` says from when."""

    kind, reason = Kind.BLOCKED, "EXTENSION_TOO_EARLY"


class SimpleProcedureBarred(RegistryError):
    """简易注销 is not for the listed, the revoked and the held; metadata `cause` says which."""

    kind, reason = Kind.BLOCKED, "SIMPLE_PROCEDURE_BARRED"


class AddressClash(RegistryError):
    """A place can't come back: its address is the domicile now, or another filed place's."""

    kind, reason = Kind.BLOCKED, "ADDRESS_CLASH"


class UnitUnclear(RegistryError):
    """The entity's home registrar is not known yet; assign it by a correction first."""

    kind, reason = Kind.BLOCKED, "UNIT_UNCLEAR"


class ExpectedNameDiffers(RegistryError):
    """The entity bears another name than the caller believes."""

    kind, reason = Kind.BLOCKED, "EXPECTED_NAME_DIFFERS"


class SamePerson(RegistryError):
    """Who asked cannot be the second person."""

    kind, reason = Kind.BLOCKED, "SAME_PERSON"


class SelfGrant(RegistryError):
    """Nobody changes their own roles, or disables themselves."""

    kind, reason = Kind.DENIED, "SELF_GRANT"


class PendingActUnknown(RegistryError):
    """The entity has no act with that number that waits or waited for a second person."""

    kind, reason = Kind.NOT_FOUND, "PENDING_ACT_UNKNOWN"


class PendingActEnded(RegistryError):
    """The act was answered or lapsed; metadata `state` says which."""

    kind, reason = Kind.BLOCKED, "PENDING_ACT_ENDED"


class ActWaiting(RegistryError):
    """The same act waits for a second person already; metadata `act` names it."""

    kind, reason = Kind.BLOCKED, "ACT_WAITING"


class NoSecondPerson(RegistryError):
    """Nobody but the one who asks holds a role that may confirm the act."""

    kind, reason = Kind.BLOCKED, "NO_SECOND_PERSON"


class NotReversible(RegistryError):
    """There is nothing of that kind to take back."""

    kind, reason = Kind.BLOCKED, "NOT_REVERSIBLE"


class FilingBlocked(RegistryError):
    """A rule of review blocks the filing; metadata `rules` lists the numbers."""

    kind, reason = Kind.BLOCKED, "FILING_BLOCKED"


class FilingNotOpen(RegistryError):
    """The filing is not a draft and was not returned."""

    kind, reason = Kind.BLOCKED, "FILING_NOT_OPEN"


class FilingDecided(RegistryError):
    """The filing is filed, rejected or withdrawn."""

    kind, reason = Kind.BLOCKED, "FILING_DECIDED"


class FilingNotUnderReview(RegistryError):
    """The filing does not wait for an official."""

    kind, reason = Kind.BLOCKED, "FILING_NOT_UNDER_REVIEW"


class NothingToSubmit(RegistryError):
    """No filing of the application is a draft or was completed."""

    kind, reason = Kind.BLOCKED, "NOTHING_TO_SUBMIT"


class AlreadyExtended(RegistryError):
    """The application was extended once, by the head named in metadata `extended_by`."""

    kind, reason = Kind.BLOCKED, "ALREADY_EXTENDED"


class ApplicationClosed(RegistryError):
    """Every item of the application has its outcome."""

    kind, reason = Kind.BLOCKED, "APPLICATION_CLOSED"


class DocumentTooLarge(RegistryError):
    """A document is larger than `limit` bytes."""

    kind, reason = Kind.EXHAUSTED, "DOCUMENT_TOO_LARGE"


class DocumentsUnavailable(RegistryError):
    """Where documents are kept does not answer; nothing was kept."""

    kind, reason = Kind.UNAVAILABLE, "DOCUMENTS_UNAVAILABLE"


class DigestDiffers(RegistryError):
    """A document's content is not what its digest says."""

    kind, reason = Kind.INVALID, "DIGEST_DIFFERS"


class HandoverNotOpen(RegistryError):
    """The hand-over was answered already."""

    kind, reason = Kind.BLOCKED, "HANDOVER_NOT_OPEN"


class HandoverNotTaken(RegistryError):
    """The host unit has not acknowledged the hand-over."""

    kind, reason = Kind.BLOCKED, "HANDOVER_NOT_TAKEN"


class NotDisputed(RegistryError):
    """Nobody asked for a decision on the hand-over."""

    kind, reason = Kind.BLOCKED, "NOT_DISPUTED"


class FlagUnknown(RegistryError):
    """The place has no flag with that number."""

    kind, reason = Kind.NOT_FOUND, "FLAG_UNKNOWN"


class FlagAnswered(RegistryError):
    """The flag was answered already."""

    kind, reason = Kind.BLOCKED, "FLAG_ANSWERED"


class StationUnknown(RegistryError):
    """No station has that number."""

    kind, reason = Kind.NOT_FOUND, "STATION_UNKNOWN"


class PremisesClaimed(RegistryError):
    """The place was claimed already, or was handed over and needs no claim."""

    kind, reason = Kind.BLOCKED, "PREMISES_CLAIMED"


class PremisesEnded(RegistryError):
    """The place is no longer filed."""

    kind, reason = Kind.BLOCKED, "PREMISES_ENDED"


class LicenseLive(RegistryError):
    """A live licence or site code shows these very facts."""

    kind, reason = Kind.BLOCKED, "LICENSE_LIVE"


class LicenseNotLive(RegistryError):
    """The licence version is not in force; metadata `state` says what it is."""

    kind, reason = Kind.BLOCKED, "LICENSE_NOT_LIVE"


class CopyUnknown(RegistryError):
    """The entity has no printed copy with that number."""

    kind, reason = Kind.NOT_FOUND, "COPY_UNKNOWN"


class CopyLive(RegistryError):
    """The 正本 in force was printed already; metadata `copy` names it."""

    kind, reason = Kind.BLOCKED, "COPY_LIVE"


class CopyEnded(RegistryError):
    """The copy is in force no more; metadata `state` says what became of it."""

    kind, reason = Kind.BLOCKED, "COPY_ENDED"


class CopyCollected(RegistryError):
    """The copy was fetched before; metadata `date` says when."""

    kind, reason = Kind.BLOCKED, "COPY_COLLECTED"


class MassRunUnknown(RegistryError):
    """There is no mass run with that number."""

    kind, reason = Kind.NOT_FOUND, "MASS_RUN_UNKNOWN"


class MassRunOpen(RegistryError):
    """Another mass run waits, goes on or is paused; metadata `run` names it."""

    kind, reason = Kind.BLOCKED, "MASS_RUN_OPEN"


class MassRunState(RegistryError):
    """The mass run does not stand where this can be done to it; metadata `state` says where."""

    kind, reason = Kind.BLOCKED, "MASS_RUN_STATE"


class MassCountDiffers(RegistryError):
    """The mass run is of another number of entities than was expected; metadata `count`."""

    kind, reason = Kind.BLOCKED, "MASS_COUNT_DIFFERS"


class MassNothing(RegistryError):
    """No entity is such as the mass run asks for."""

    kind, reason = Kind.BLOCKED, "MASS_NOTHING"


class FaceIncomplete(RegistryError):
    """A licence must show items that the face lacks; metadata `items` lists them."""

    kind, reason = Kind.BLOCKED, "FACE_INCOMPLETE"


class CursorTooOld(RegistryError):
    """The feed no longer goes back so far, metadata `oldest` says how far it does; or what was
    read up to there was lost in a restore."""

    kind, reason = Kind.OUT_OF_RANGE, "CURSOR_TOO_OLD"


class CursorAhead(RegistryError):
    """No event has that number yet; metadata `newest` is the last number given."""

    kind, reason = Kind.OUT_OF_RANGE, "CURSOR_AHEAD"


class TooManyWatches(RegistryError):
    """This server, or this caller on it, has its most; metadata `limit` says how many."""

    kind, reason = Kind.EXHAUSTED, "TOO_MANY_WATCHES"


class ServerDraining(RegistryError):
    """This server stops; go on at another."""

    kind, reason = Kind.UNAVAILABLE, "SERVER_DRAINING"


class ImportUnknown(RegistryError):
    """There is no import run with that number."""

    kind, reason = Kind.NOT_FOUND, "IMPORT_UNKNOWN"


class ImportRemarkUnknown(RegistryError):
    """Nothing open is said of that line of the run."""

    kind, reason = Kind.NOT_FOUND, "IMPORT_REMARK_UNKNOWN"


class ImportNotChecked(RegistryError):
    """The run is loading, was a dry run, or was undone: it can't be signed off."""

    kind, reason = Kind.BLOCKED, "IMPORT_NOT_CHECKED"


class ImportCountDiffers(RegistryError):
    """The part holds another number of new rows than was expected; metadata `count` tells it."""

    kind, reason = Kind.BLOCKED, "IMPORT_COUNT_DIFFERS"


class ImportSignedOff(RegistryError):
    """Every unit has signed its part off; nothing is left to be taken back."""

    kind, reason = Kind.BLOCKED, "IMPORT_SIGNED_OFF"


class ImportBusy(RegistryError):
    """The same file is being sent by somebody else right now."""

    kind, reason = Kind.BLOCKED, "IMPORT_BUSY"


class SyncItemUnknown(RegistryError):
    """The entity has no item to decide with that number."""

    kind, reason = Kind.NOT_FOUND, "SYNC_ITEM_UNKNOWN"


class SyncItemDecided(RegistryError):
    """The item was decided already, or lapsed; metadata `state` tells."""

    kind, reason = Kind.BLOCKED, "SYNC_ITEM_DECIDED"


class SyncNotTakeable(RegistryError):
    """What the source says is not enough to take it over: it is done at the counter."""

    kind, reason = Kind.BLOCKED, "SYNC_NOT_TAKEABLE"


class SignerUnavailable(RegistryError):
    """The signing key could not be used; nothing was issued."""

    kind, reason = Kind.UNAVAILABLE, "SIGNER_UNAVAILABLE"


class DatabaseUnavailable(RegistryError):
    """The database does not answer; nothing was changed."""

    kind, reason = Kind.UNAVAILABLE, "DATABASE_UNAVAILABLE"


class RecoveryItemClosed(RegistryError):
    """The recovery item was closed before."""

    kind, reason = Kind.BLOCKED, "RECOVERY_ITEM_CLOSED"


class KeyUnknown(RegistryError):
    """The registry has no key with that kid."""

    kind, reason = Kind.NOT_FOUND, "KEY_UNKNOWN"


class KeyActUnknown(RegistryError):
    """There is no act on keys with that number."""

    kind, reason = Kind.NOT_FOUND, "KEY_ACT_UNKNOWN"


class KeyStateForbids(RegistryError):
    """The key is not in a state from which that leads on; metadata `state` says in which it is."""

    kind, reason = Kind.BLOCKED, "KEY_STATE_FORBIDS"


class KeyNotAnnounced(RegistryError):
    """Checkers had no time to learn of the key; metadata `ready_time` says from when they had."""

    kind, reason = Kind.BLOCKED, "KEY_NOT_ANNOUNCED"


class KeyWaiting(RegistryError):
    """A next key of that use is there already; metadata `key` names it."""

    kind, reason = Kind.BLOCKED, "KEY_WAITING"


class HostRefused(RegistryError):
    """The host is accepted already, is not, or is the one on which documents are issued."""

    kind, reason = Kind.BLOCKED, "HOST_REFUSED"


class ExpectedSubjectDiffers(RegistryError):
    """The act is on another key or host than the second person believes."""

    kind, reason = Kind.BLOCKED, "EXPECTED_SUBJECT_DIFFERS"


class TrustListRefused(RegistryError):
    """The trust list is not signed by the root, or does not say what the register would publish."""

    kind, reason = Kind.BLOCKED, "TRUST_LIST_REFUSED"
