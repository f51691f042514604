"""Who may do what: the one table, act by act (design.md §3, Who acts).

`operations/authority.py` enforces it, `docs/authority.md` shows it, a test tries every cell.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from registry_service.domain.staff import Role


class ActName(StrEnum):
    """Every act and guarded read of the contract: its method's name in snake case.

    `ASSIGN_REGISTRAR` alone has no method of its own: it is a CorrectEntity that says whose an
    entity is.
    """

    # EntityService
    GET_ENTITY = "get_entity"
    LIST_ENTITIES = "list_entities"
    SEARCH_ENTITIES = "search_entities"
    LIST_ENTITY_VERSIONS = "list_entity_versions"
    LIST_ENTITY_EVENTS = "list_entity_events"
    REGISTER_ENTITY = "register_entity"
    CHANGE_ENTITY = "change_entity"
    CORRECT_ENTITY = "correct_entity"
    ASSIGN_REGISTRAR = "assign_registrar"
    CORRECT_CODE = "correct_code"
    MOVE_ENTITY = "move_entity"
    SUSPEND_ENTITY = "suspend_entity"
    RESUME_ENTITY = "resume_entity"
    LIQUIDATE_ENTITY = "liquidate_entity"
    DEREGISTER_ENTITY = "deregister_entity"
    REVOKE_ENTITY = "revoke_entity"
    ANNUL_ENTITY = "annul_entity"
    REINSTATE_ENTITY = "reinstate_entity"
    RESTRICT_ENTITY = "restrict_entity"
    LIFT_RESTRICTION = "lift_restriction"
    MARK_ENTITY = "mark_entity"
    UNMARK_ENTITY = "unmark_entity"
    # ApplicationService
    CREATE_APPLICATION = "create_application"
    GET_APPLICATION = "get_application"
    LIST_APPLICATIONS = "list_applications"
    ASSIGN_APPLICATION = "assign_application"
    SUBMIT_APPLICATION = "submit_application"
    EXTEND_APPLICATION = "extend_application"
    LIST_NOTICES = "list_notices"
    ADD_DOCUMENT = "add_document"
    # PremisesService
    CHECK_FILING = "check_filing"
    CREATE_PREMISES_FILING = "create_premises_filing"
    BATCH_CREATE_FILINGS = "batch_create_filings"
    LIST_FILINGS = "list_filings"
    ASSIGN_FILING = "assign_filing"
    RETURN_FILING = "return_filing"
    DECIDE_FILING = "decide_filing"
    WITHDRAW_FILING = "withdraw_filing"
    GET_PREMISES_FILING = "get_premises_filing"
    LIST_PREMISES_FILINGS = "list_premises_filings"
    UPDATE_PREMISES_FILING = "update_premises_filing"
    SUBMIT_PREMISES_FILING = "submit_premises_filing"
    GET_PREMISES = "get_premises"
    LIST_PREMISES = "list_premises"
    STRIKE_PREMISES = "strike_premises"
    REINSTATE_PREMISES = "reinstate_premises"
    LIST_UNCLAIMED_PREMISES = "list_unclaimed_premises"
    CLAIM_PREMISES = "claim_premises"
    FLAG_PREMISES = "flag_premises"
    ANSWER_FLAG = "answer_flag"
    LIST_FLAGS = "list_flags"
    LIST_HANDOVERS = "list_handovers"
    ACKNOWLEDGE_HANDOVER = "acknowledge_handover"
    DECLINE_HANDOVER = "decline_handover"
    FORWARD_HANDOVER = "forward_handover"
    DISPUTE_HANDOVER = "dispute_handover"
    RESOLVE_HANDOVER = "resolve_handover"
    REPORT_INSPECTION = "report_inspection"
    # LicenseService
    ISSUE_LICENSE = "issue_license"
    REISSUE_LICENSE = "reissue_license"
    VOID_LOST_LICENSE = "void_lost_license"
    GET_LICENSE = "get_license"
    LIST_LICENSES = "list_licenses"
    PRINT_LICENSE_COPY = "print_license_copy"
    COLLECT_LICENSE_COPY = "collect_license_copy"
    RETURN_LICENSE_COPY = "return_license_copy"
    VOID_LOST_COPY = "void_lost_copy"
    GET_LICENSE_COPY = "get_license_copy"
    LIST_LICENSE_COPIES = "list_license_copies"
    ISSUE_SITE_CODE = "issue_site_code"
    GET_SITE_CODE = "get_site_code"
    RENDER_SYMBOL = "render_symbol"
    RENDER_LICENSE = "render_license"
    GET_PREMISES_STATEMENT = "get_premises_statement"
    # AdminService
    LIST_UNITS = "list_units"
    PUT_UNIT = "put_unit"
    PUT_STAFF = "put_staff"
    LIST_STAFF = "list_staff"
    CREATE_REVIEW_POLICY = "create_review_policy"
    CONFIRM_REVIEW_POLICY = "confirm_review_policy"
    LIST_REVIEW_POLICIES = "list_review_policies"
    BAR_PERSON = "bar_person"
    CONFIRM_ACT = "confirm_act"
    LIST_PENDING_ACTS = "list_pending_acts"
    LIST_ACCESS = "list_access"
    LIST_RECOVERY_ITEMS = "list_recovery_items"
    CLOSE_RECOVERY_ITEM = "close_recovery_item"
    IMPORT_ENTITIES = "import_entities"
    IMPORT_PREMISES = "import_premises"
    IMPORT_COPIES = "import_copies"
    SYNC_ENTITIES = "sync_entities"
    LIST_SYNC_ITEMS = "list_sync_items"
    DECIDE_SYNC_ITEM = "decide_sync_item"
    GET_IMPORT_RUN = "get_import_run"
    LIST_IMPORT_RUNS = "list_import_runs"
    LIST_IMPORT_REMARKS = "list_import_remarks"
    DISMISS_IMPORT_ROW = "dismiss_import_row"
    SIGN_OFF_IMPORT = "sign_off_import"
    UNDO_IMPORT = "undo_import"
    LIST_KEYS = "list_keys"
    CREATE_KEY = "create_key"
    ACTIVATE_KEY = "activate_key"
    RETIRE_KEY = "retire_key"
    DISTRUST_KEY = "distrust_key"
    ADD_HOST = "add_host"
    RETIRE_HOST = "retire_host"
    CONFIRM_KEY_ACT = "confirm_key_act"
    LIST_KEY_ACTS = "list_key_acts"
    LIST_KEY_DOCUMENTS = "list_key_documents"
    DRAFT_TRUST_LIST = "draft_trust_list"
    PUBLISH_TRUST_LIST = "publish_trust_list"
    START_MASS_RUN = "start_mass_run"
    START_MASS_ACT = "start_mass_act"
    CONFIRM_MASS_RUN = "confirm_mass_run"
    GET_MASS_RUN = "get_mass_run"
    LIST_MASS_RUNS = "list_mass_runs"
    LIST_MASS_REMARKS = "list_mass_remarks"
    PAUSE_MASS_RUN = "pause_mass_run"
    RESUME_MASS_RUN = "resume_mass_run"
    CANCEL_MASS_RUN = "cancel_mass_run"

    @property
    def zh(self) -> str:
        """What officials call it."""
        return TABLE[self].title

    @property
    def method(self) -> str:
        """The method of the contract that does it, as `RevokeEntity`."""
        if self is ActName.ASSIGN_REGISTRAR:
            return "CorrectEntity"
        return "".join(word.capitalize() for word in self.value.split("_"))


class Scope(StrEnum):
    """For which unit a person must hold the role, seen from the thing that is acted on."""

    HOME = "home"
    """Exactly the entity's registrar."""
    OVER_HOME = "over_home"
    """The entity's registrar, or a unit above it."""
    DOMICILE = "domicile"
    """The unit that administers the entity's domicile, or one above it."""
    HOST = "host"
    """The unit that supervises the place, or one above it: the inbox is that unit's."""
    NAMED = "named"
    """The unit that the request names, or one above it."""
    NEW_HOME = "new_home"
    """Any unit: it becomes the entity's registrar."""
    ANYWHERE = "anywhere"
    """Any unit."""

    @property
    def zh(self) -> str:
        """In Chinese, for the page."""
        return _SCOPES[self]


_SCOPES: Final = {
    Scope.HOME: "主体的登记机关",
    Scope.OVER_HOME: "主体的登记机关或其上级",
    Scope.DOMICILE: "住所所在的管辖单位或其上级",
    Scope.HOST: "经营场所的监管单位或其上级",
    Scope.NAMED: "所指单位或其上级",
    Scope.NEW_HOME: "本单位，办理后为登记机关",
    Scope.ANYWHERE: "任一单位",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and for which unit it must be held."""

    role: Role
    scope: Scope


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table."""

    title: str
    """What officials call the act."""
    grants: tuple[Grant, ...]
    """Any one of them suffices; the first that fits says for which unit the person acts."""
    why: str
    """For whoever supervises the table, in Chinese."""
    second: tuple[Grant, ...] = ()
    """Who may confirm it, in order: each grant counts only while nobody else holds one before it.
    Empty: nobody has to."""


def _in(scope: Scope, *roles: Role) -> tuple[Grant, ...]:
    return tuple(Grant(role, scope) for role in roles)


_HOME: Final = _in(Scope.HOME, Role.REGISTRAR)
_HOME_OR_HEAD: Final = _in(Scope.HOME, Role.REGISTRAR, Role.HEAD)
_HOST: Final = _in(Scope.HOST, Role.SUPERVISOR)
_REGULATOR: Final = _in(Scope.DOMICILE, Role.SUPERVISOR)
_NEW_HOME: Final = _in(Scope.NEW_HOME, Role.REGISTRAR)
_CITY: Final = _in(Scope.ANYWHERE, Role.CITY)
_OPERATOR: Final = _in(Scope.ANYWHERE, Role.OPERATOR)
_MASS: Final = _in(Scope.ANYWHERE, Role.OPERATOR, Role.CITY)
_POLICY: Final = _in(Scope.NAMED, Role.POLICY)
_SIGNERS: Final = _in(Scope.NAMED, Role.HEAD, Role.CITY)
_CUSTODIAN: Final = _in(Scope.ANYWHERE, Role.KEY_CUSTODIAN)
_OFFICIALS: Final = _in(Scope.ANYWHERE, *Role)
_UNIT: Final = _in(Scope.NAMED, Role.REGISTRAR, Role.HEAD, Role.SUPERVISOR, Role.CITY, Role.AUDITOR)
_HEAD: Final = (Grant(Role.HEAD, Scope.HOME), Grant(Role.CITY, Scope.OVER_HOME))
"""The head of the home unit; the city for a unit that has no head but the asker."""

_ITS_OWN: Final = "登记事项由主体的登记机关办理"
_FORM: Final = "备案由主体的登记机关作形式审查"
_VISIT: Final = "申请由主体的登记机关受理"
_PLACE: Final = "经营场所由所在地监管单位监管"
_READ: Final = "工作人员均可查阅；查阅具名主体的，逐次留痕"
_QUEUE: Final = "本单位及其上级、审计人员可查看待办"
_TWO: Final = "关系全部证照，须由另一名密钥保管员复核"
_TERMINAL: Final = "后果重大，须由本单位登记科长复核；"

TABLE: Final[dict[ActName, Rule]] = {
    ActName.GET_ENTITY: Rule("查询主体", _OFFICIALS, _READ),
    ActName.LIST_ENTITIES: Rule("列出主体", _OFFICIALS, _READ),
    ActName.SEARCH_ENTITIES: Rule("检索主体", _OFFICIALS, _READ),
    ActName.LIST_ENTITY_VERSIONS: Rule("查询登记事项沿革", _OFFICIALS, _READ),
    ActName.LIST_ENTITY_EVENTS: Rule("查询办理记录", _OFFICIALS, _READ),
    ActName.REGISTER_ENTITY: Rule("设立登记", _NEW_HOME, "由受理的登记机关登记，住所须在其辖区"),
    ActName.CHANGE_ENTITY: Rule("变更登记", _HOME, _ITS_OWN),
    ActName.CORRECT_ENTITY: Rule("更正登记", _HOME, "登记机关更正自己的差错，原记录保留"),
    ActName.ASSIGN_REGISTRAR: Rule("指定登记机关", _CITY, "登记机关不明或有争议的，由市级确定"),
    ActName.CORRECT_CODE: Rule(
        "更正统一社会信用代码", _HOME, "登记机关更正自己的差错，原代码仍可查到主体"
    ),
    ActName.MOVE_ENTITY: Rule(
        "迁移登记", _NEW_HOME, "由迁入地登记机关办理（《市场主体登记管理条例》第二十七条）"
    ),
    ActName.SUSPEND_ENTITY: Rule("歇业备案", _HOME, _ITS_OWN),
    ActName.RESUME_ENTITY: Rule("恢复营业", _HOME, _ITS_OWN),
    ActName.LIQUIDATE_ENTITY: Rule("清算备案", _HOME, _ITS_OWN),
    ActName.DEREGISTER_ENTITY: Rule(
        "注销登记", _HOME, "依主体自己的申请办理，有申请材料为凭，并核对名称，不另设复核"
    ),
    ActName.REVOKE_ENTITY: Rule(
        "吊销营业执照", _HOME, _TERMINAL + "执照和场所码随即显示吊销", _HEAD
    ),
    ActName.ANNUL_ENTITY: Rule("撤销登记", _HOME, _TERMINAL + "撤销设立登记即终止主体", _HEAD),
    ActName.REINSTATE_ENTITY: Rule(
        "恢复登记", _HOME, _TERMINAL + "推翻此前的吊销、撤销或注销", _HEAD
    ),
    ActName.RESTRICT_ENTITY: Rule("登记限制", _HOME, "登记机关依法院等机关的文书协助执行"),
    ActName.LIFT_RESTRICTION: Rule("解除限制", _HOME, "登记机关依解除文书办理"),
    ActName.MARK_ENTITY: Rule("列入名录", _REGULATOR, "由住所所在地监管单位决定，登记机关不列入"),
    ActName.UNMARK_ENTITY: Rule("移出名录", _REGULATOR, "由住所所在地监管单位决定"),
    ActName.CREATE_APPLICATION: Rule("受理申请", _HOME, _VISIT),
    ActName.GET_APPLICATION: Rule("查询申请", _OFFICIALS, _READ),
    ActName.LIST_APPLICATIONS: Rule("申请待办", _UNIT, _QUEUE),
    ActName.ASSIGN_APPLICATION: Rule("分派申请", _HOME_OR_HEAD, "分派只作提示，本单位人员均可办理"),
    ActName.SUBMIT_APPLICATION: Rule("提交申请", _HOME, _VISIT),
    ActName.EXTEND_APPLICATION: Rule(
        "延长办理期限",
        _in(Scope.HOME, Role.HEAD),
        "延长须经负责人批准（《市场主体登记管理条例》第十九条）",
    ),
    ActName.LIST_NOTICES: Rule("查询告知书", _OFFICIALS, _READ),
    ActName.ADD_DOCUMENT: Rule("收存材料", _HOME, _VISIT),
    ActName.CHECK_FILING: Rule("备案预审", _OFFICIALS, "只试算审查要点，不产生备案"),
    ActName.CREATE_PREMISES_FILING: Rule("录入经营场所备案", _HOME, _FORM),
    ActName.BATCH_CREATE_FILINGS: Rule("批量备案", _HOME, "逐件审查、逐件给出结果，不另设复核"),
    ActName.LIST_FILINGS: Rule("备案待办", _UNIT, _QUEUE),
    ActName.ASSIGN_FILING: Rule("分派备案", _HOME_OR_HEAD, "分派只作提示，本单位人员均可办理"),
    ActName.RETURN_FILING: Rule("退回补正", _HOME_OR_HEAD, _FORM),
    ActName.DECIDE_FILING: Rule(
        "人工审定备案", _HOME_OR_HEAD, "审查要点转人工的，登记员或科长决定"
    ),
    ActName.WITHDRAW_FILING: Rule("撤回备案申请", _HOME, "依申请人请求办理"),
    ActName.GET_PREMISES_FILING: Rule("查询备案", _OFFICIALS, _READ),
    ActName.LIST_PREMISES_FILINGS: Rule("列出备案", _OFFICIALS, _READ),
    ActName.UPDATE_PREMISES_FILING: Rule("修改备案申请", _HOME, _FORM),
    ActName.SUBMIT_PREMISES_FILING: Rule("提交备案", _HOME, _FORM),
    ActName.GET_PREMISES: Rule("查询经营场所", _OFFICIALS, _READ),
    ActName.LIST_PREMISES: Rule("列出经营场所", _OFFICIALS, _READ),
    ActName.STRIKE_PREMISES: Rule(
        "撤销经营场所备案", _HOME, _TERMINAL + "只有登记机关能改变备案", _HEAD
    ),
    ActName.REINSTATE_PREMISES: Rule(
        "恢复经营场所备案", _HOME, _TERMINAL + "推翻此前的撤销备案", _HEAD
    ),
    ActName.LIST_UNCLAIMED_PREMISES: Rule("待认领经营场所", _UNIT, _QUEUE),
    ActName.CLAIM_PREMISES: Rule("认领经营场所", _HOST, _PLACE + "，导入的场所由其认领"),
    ActName.FLAG_PREMISES: Rule("提出异常", _HOST, _PLACE + "，发现问题告知登记机关"),
    ActName.ANSWER_FLAG: Rule("答复异常", _HOME, "登记机关答复监管单位"),
    ActName.LIST_FLAGS: Rule("异常待答复", _UNIT, _QUEUE),
    ActName.LIST_HANDOVERS: Rule("抄告收件箱", _UNIT, _QUEUE),
    ActName.ACKNOWLEDGE_HANDOVER: Rule("接收抄告", _HOST, _PLACE),
    ActName.DECLINE_HANDOVER: Rule("退回抄告", _HOST, _PLACE),
    ActName.FORWARD_HANDOVER: Rule(
        "转办抄告", (*_HOST, *_HOME), _PLACE + "；被退回的由登记机关转办"
    ),
    ActName.DISPUTE_HANDOVER: Rule(
        "提请裁定管辖", (*_HOST, *_HOME), "监管单位和登记机关都可提请市级裁定"
    ),
    ActName.RESOLVE_HANDOVER: Rule(
        "裁定管辖", _in(Scope.HOST, Role.CITY), "单位之间的争议由市级裁定"
    ),
    ActName.REPORT_INSPECTION: Rule("报告现场核查", _HOST, _PLACE),
    ActName.ISSUE_LICENSE: Rule("签发执照", _HOME, _ITS_OWN),
    ActName.REISSUE_LICENSE: Rule("换发执照", _HOME, _ITS_OWN),
    ActName.VOID_LOST_LICENSE: Rule(
        "执照声明作废", _HOME, "依主体的作废声明办理（《市场主体登记管理条例》第三十七条）"
    ),
    ActName.GET_LICENSE: Rule("查询执照", _OFFICIALS, _READ),
    ActName.LIST_LICENSES: Rule("列出执照版本", _OFFICIALS, _READ),
    ActName.PRINT_LICENSE_COPY: Rule("打印正本、副本", _HOME, _ITS_OWN),
    ActName.COLLECT_LICENSE_COPY: Rule("领取正本、副本", _HOME, _ITS_OWN),
    ActName.RETURN_LICENSE_COPY: Rule("收回正本、副本", _HOME, _ITS_OWN),
    ActName.VOID_LOST_COPY: Rule(
        "正本、副本声明作废", _HOME, "依主体的作废声明办理，只作废遗失的一份"
    ),
    ActName.GET_LICENSE_COPY: Rule("查询正本、副本", _OFFICIALS, _READ),
    ActName.LIST_LICENSE_COPIES: Rule("列出正本、副本", _OFFICIALS, _READ),
    ActName.ISSUE_SITE_CODE: Rule("签发场所码", _HOME, _FORM),
    ActName.GET_SITE_CODE: Rule("查询场所码", _OFFICIALS, _READ),
    ActName.RENDER_SYMBOL: Rule("生成二维码图", _OFFICIALS, _READ),
    ActName.RENDER_LICENSE: Rule("生成执照版面", _OFFICIALS, _READ),
    ActName.GET_PREMISES_STATEMENT: Rule("查询经营场所清单", _OFFICIALS, _READ),
    ActName.LIST_UNITS: Rule("列出单位", _OFFICIALS, "单位目录供工作人员查阅"),
    ActName.PUT_UNIT: Rule("设置监管所", _OPERATOR, "监管所由系统运维员依机构设置文件设置"),
    ActName.PUT_STAFF: Rule(
        "设置人员", _OPERATOR, "由系统运维员依任免文件设置，不得调整本人的角色；逐次留痕，只增不删"
    ),
    ActName.LIST_STAFF: Rule("列出人员", _OFFICIALS, "人员名册供工作人员查阅"),
    ActName.CREATE_REVIEW_POLICY: Rule(
        "录入审查政策", _POLICY, "影响全部备案，须由另一名政策管理员确认后生效", _POLICY
    ),
    ActName.CONFIRM_REVIEW_POLICY: Rule("确认审查政策", _POLICY, "不得由录入人自己确认"),
    ActName.LIST_REVIEW_POLICIES: Rule("列出审查政策", _OFFICIALS, "政策供工作人员查阅"),
    ActName.BAR_PERSON: Rule("限制申请登记", _CITY, "对全市有效，由市级办理"),
    ActName.CONFIRM_ACT: Rule(
        "复核",
        _HEAD,
        "由登记科长复核，不得由经办人自己复核；本单位没有其他科长的，由市级管理员复核",
    ),
    ActName.LIST_PENDING_ACTS: Rule("待复核事项", _UNIT, _QUEUE),
    ActName.LIST_ACCESS: Rule(
        "查询查阅记录",
        _in(Scope.ANYWHERE, Role.AUDITOR),
        "只有审计人员可查谁查阅了什么；查询查阅记录本身也留痕",
    ),
    ActName.LIST_RECOVERY_ITEMS: Rule("恢复待办", _UNIT, _QUEUE),
    ActName.CLOSE_RECOVERY_ITEM: Rule(
        "办结恢复待办",
        _HEAD,
        "数据库恢复后丢失的办理应重新录入；确不需重办的，由登记科长或市级管理员说明理由后办结",
    ),
    ActName.IMPORT_ENTITIES: Rule("导入主体", _OPERATOR, "由系统运维员导入省级数据，每行留来源"),
    ActName.IMPORT_PREMISES: Rule(
        "导入经营场所", _OPERATOR, "由系统运维员导入此前的备案，监管单位逐处认领"
    ),
    ActName.IMPORT_COPIES: Rule("导入在用执照", _OPERATOR, "由系统运维员导入在用的正本、副本"),
    ActName.SYNC_ENTITIES: Rule(
        "同步主体", _OPERATOR, "由系统运维员每日同步省级增量；与本地办理不一致的只列为待定，不覆盖"
    ),
    ActName.LIST_SYNC_ITEMS: Rule("同步待定事项", _UNIT, _QUEUE),
    ActName.DECIDE_SYNC_ITEM: Rule(
        "决定同步待定事项", _HOME_OR_HEAD, "以哪一方为准，由主体的登记机关决定并说明理由"
    ),
    ActName.GET_IMPORT_RUN: Rule("查询导入批次", _OFFICIALS, "批次只有行数，供工作人员查阅"),
    ActName.LIST_IMPORT_RUNS: Rule("列出导入批次", _OFFICIALS, "批次只有行数，供工作人员查阅"),
    ActName.LIST_IMPORT_REMARKS: Rule(
        "列出导入问题",
        _in(Scope.ANYWHERE, Role.REGISTRAR, Role.HEAD, Role.CITY, Role.OPERATOR, Role.AUDITOR),
        "供补正和核对之用",
    ),
    ActName.DISMISS_IMPORT_ROW: Rule("剔除导入行", _SIGNERS, "由所属登记机关的科长或市级决定"),
    ActName.SIGN_OFF_IMPORT: Rule(
        "签收导入", _SIGNERS, "由登记科长核对后签收，管辖不明的由市级签收；导入的人不得签收"
    ),
    ActName.UNDO_IMPORT: Rule("撤回导入", _OPERATOR, "只能撤回尚未签收的部分"),
    ActName.LIST_KEYS: Rule("列出密钥", _OFFICIALS, "只有公钥和状态，供工作人员查阅"),
    ActName.CREATE_KEY: Rule("生成密钥", _CUSTODIAN, _TWO, _CUSTODIAN),
    ActName.ACTIVATE_KEY: Rule(
        "启用密钥", _CUSTODIAN, _TWO + "；须先公布足够时间，使离线核验点认得", _CUSTODIAN
    ),
    ActName.RETIRE_KEY: Rule("停用密钥", _CUSTODIAN, _TWO + "；已签发的仍然有效", _CUSTODIAN),
    ActName.DISTRUST_KEY: Rule(
        "宣布密钥不可信", _CUSTODIAN, _TWO + "；它签发的全部失效，须重新签发", _CUSTODIAN
    ),
    ActName.ADD_HOST: Rule("增加核验域名", _CUSTODIAN, _TWO + "；新旧域名并行", _CUSTODIAN),
    ActName.RETIRE_HOST: Rule(
        "停用核验域名", _CUSTODIAN, _TWO + "；印有该域名的二维码随之失效", _CUSTODIAN
    ),
    ActName.CONFIRM_KEY_ACT: Rule("复核密钥事项", _CUSTODIAN, "不得由提出人自己复核"),
    ActName.LIST_KEY_ACTS: Rule(
        "列出密钥事项",
        _in(Scope.ANYWHERE, Role.KEY_CUSTODIAN, Role.OPERATOR, Role.AUDITOR),
        "供密钥保管员办理、运维员和审计人员核对",
    ),
    ActName.LIST_KEY_DOCUMENTS: Rule(
        "列出密钥所签证照",
        _in(Scope.ANYWHERE, Role.KEY_CUSTODIAN, Role.OPERATOR, Role.CITY, Role.AUDITOR),
        "密钥不可信时据此重新签发；只列编号",
    ),
    ActName.DRAFT_TRUST_LIST: Rule("拟定信任列表", _CUSTODIAN, "供根密钥离线签署"),
    ActName.PUBLISH_TRUST_LIST: Rule(
        "公布信任列表", _CUSTODIAN, "内容须与登记簿一致并有根密钥签名，签署仪式即为复核"
    ),
    ActName.START_MASS_RUN: Rule(
        "发起批量任务",
        _MASS,
        "涉及全市执照，由系统运维员或市级管理员发起，须由另一名市级管理员复核后开始",
        _CITY,
    ),
    ActName.START_MASS_ACT: Rule(
        "发起批量吊销、批量列入或移出名录",
        _in(Scope.ANYWHERE, Role.REGISTRAR, Role.SUPERVISOR),
        "吊销由登记员、名录由监管人员发起，逐户仍须有权办理，无权的列入问题清单；"
        "须由市级管理员复核后开始，不再由登记科长逐户复核",
        _CITY,
    ),
    ActName.CONFIRM_MASS_RUN: Rule("复核批量任务", _CITY, "不得由发起人自己复核"),
    ActName.GET_MASS_RUN: Rule("查询批量任务", _OFFICIALS, "批量任务只有户数，供工作人员查阅"),
    ActName.LIST_MASS_RUNS: Rule("列出批量任务", _OFFICIALS, "批量任务只有户数，供工作人员查阅"),
    ActName.LIST_MASS_REMARKS: Rule(
        "列出批量任务问题",
        (
            *_in(Scope.ANYWHERE, Role.REGISTRAR, Role.HEAD, Role.SUPERVISOR),
            *_in(Scope.ANYWHERE, Role.CITY, Role.OPERATOR, Role.AUDITOR),
        ),
        "供补正之用",
    ),
    ActName.PAUSE_MASS_RUN: Rule("暂停批量任务", _MASS, "一人即可暂停，随时可以继续"),
    ActName.RESUME_MASS_RUN: Rule("继续批量任务", _MASS, "任务已经复核，继续不再复核"),
    ActName.CANCEL_MASS_RUN: Rule("取消批量任务", _MASS, "已办理的不受影响"),
}
"""Every act has exactly one row."""
