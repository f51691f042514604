"""The policy that holds until the city confirms one of its own.

Sources: domain.md §5 (observed choices), the State Council's catalogue of pre-approval items
前置审批事项目录, the standard items of 经营范围规范表述. Lists of places are the city's to enter.
"""

from typing import Final

from license_verify.codes.entity_type import EntityKind
from registry_service.domain.premises import Outcome
from registry_service.domain.review.policy import ReviewPolicy


def _items(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PRE_APPROVAL: Final = _items(
    "危险化学品经营 危险化学品生产 危险化学品仓储 民用爆炸物品 爆破作业 烟花爆竹生产 烟花爆竹批发 "
    "烟花爆竹零售 烟花爆竹销售 民用枪支 弩的制造 弩的销售 营业性射击 保安服务 保安培训 "
    "烟草制品生产 烟草制品批发 证券业务 证券投资咨询 公募基金管理 期货业务 银行业务 保险业务 "
    "保险资产管理 信托业务 金融租赁 融资担保 小额贷款 典当 民办学校 对外劳务合作 通用航空 "
    "民用机场经营 图书出版 报纸出版 期刊出版 音像制品出版 电子出版物出版 互联网新闻信息服务"
)
_PERMITS: Final = _items(
    "食品经营 食品销售 食品生产 食品小作坊 食盐批发 餐饮服务 小餐饮 酒类经营 药品零售 药品批发 "
    "药品生产 第三类医疗器械经营 第三类医疗器械租赁 烟草制品零售 出版物零售 出版物批发 出版物印刷 "
    "包装装潢印刷品印刷 旅馆 住宿服务 歌舞娱乐 游艺娱乐 互联网上网服务 电影放映 理发服务 "
    "生活美容服务 洗浴服务 足浴服务 医疗服务 医疗美容服务 诊所服务 动物诊疗 兽药经营 农药批发 "
    "农药零售 农作物种子经营 种畜禽经营 道路货物运输 道路旅客运输 巡游出租汽车 建设工程施工 "
    "燃气经营 成品油零售 报废机动车回收 危险废物经营 劳务派遣服务 职业中介活动 快递服务 "
    "高危险性体育运动 游泳场所 特种设备安装"
)

JINING_2023: Final = ReviewPolicy(
    version="jining-2023-1",
    area="city",
    eligible_kinds=frozenset(EntityKind) - {EntityKind.BRANCH, EntityKind.HOUSEHOLD},
    pre_approval_items=_PRE_APPROVAL,
    permit_items=_PERMITS,
    permit_outcome=Outcome.WARN,
    most_entities_at_address=100,
    most_premises=300,
    least_tenancy_months=6,
    struck_months=12,
    unreachable_blocks=True,
)
"""Cross-county in the whole city, for enterprises and cooperatives.

Findings name it by its version: other content needs another version.
"""
