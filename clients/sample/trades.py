"""What businesses do: words in names, industry codes, scopes; and what they are called."""

from dataclasses import dataclass
from random import Random
from typing import Final

from license_verify.codes.entity_type import EntityKind

GENERAL_END: Final = "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
PERMIT_END: Final = (
    "（依法须经批准的项目，经相关部门批准后方可开展经营活动，"
    "具体经营项目以相关部门批准文件或许可证件为准）"
)


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business."""

    word: str
    """In a company's name."""
    shop: str
    """In a household's name."""
    industry: str
    """GB/T 4754 class."""
    general: tuple[str, ...]
    permits: tuple[str, ...] = ()


def _items(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TRADES: Final = (
    Trade(
        "物流",
        "货运部",
        "5430",
        _items("国内货物运输代理 装卸搬运 普通货物仓储服务 包装服务"),
        _items("道路货物运输"),
    ),
    Trade(
        "商贸",
        "百货店",
        "5211",
        _items("日用百货销售 日用杂品销售 办公用品销售 五金产品零售 针纺织品销售"),
    ),
    Trade(
        "食品",
        "副食店",
        "5221",
        _items("食用农产品零售 新鲜蔬菜零售 新鲜水果零售"),
        _items("食品销售 食品生产"),
    ),
    Trade("餐饮管理", "小吃店", "6210", _items("餐饮管理 外卖递送服务"), _items("餐饮服务")),
    Trade(
        "医药",
        "药店",
        "5251",
        _items("第一类医疗器械销售 卫生用品销售"),
        _items("药品零售 第三类医疗器械经营"),
    ),
    Trade(
        "建筑工程",
        "装饰部",
        "4710",
        _items("建筑材料销售 土石方工程施工 园林绿化工程施工"),
        _items("建设工程施工"),
    ),
    Trade(
        "机械制造",
        "机械加工部",
        "3599",
        _items("机械设备研发 通用设备制造 金属结构制造 机械零件销售"),
    ),
    Trade(
        "农业科技",
        "农资店",
        "5166",
        _items("化肥销售 农业机械销售 农作物栽培服务 谷物销售"),
        _items("农药零售"),
    ),
    Trade(
        "信息技术",
        "数码店",
        "6510",
        _items("软件开发 信息系统集成服务 计算机软硬件及辅助设备零售 网络技术服务"),
    ),
    Trade(
        "文化传媒",
        "图文店",
        "8710",
        _items("组织文化艺术交流活动 广告制作 图文设计制作 会议及展览服务"),
        _items("出版物零售"),
    ),
    Trade(
        "汽车服务",
        "汽修店",
        "8111",
        _items("汽车零配件零售 洗车服务 机动车修理和维护 汽车装饰用品销售"),
    ),
    Trade("服饰", "服装店", "5232", _items("服装服饰零售 鞋帽零售 针纺织品及原料销售 箱包销售")),
    Trade(
        "家政服务",
        "家政服务部",
        "8010",
        _items("家政服务 专业保洁、清洗、消毒服务 养老服务 居民日常生活服务"),
    ),
    Trade(
        "新能源",
        "电动车行",
        "5261",
        _items("电动自行车销售 太阳能热利用产品销售 充电桩销售 蓄电池租赁"),
    ),
)

FITTING: Final = {
    EntityKind.COOPERATIVE: Trade(
        "农业",
        "农资店",
        "0190",
        _items("谷物种植 蔬菜种植 水果种植 农产品的生产、销售、加工、运输、贮藏及其他相关服务"),
        _items("种畜禽经营"),
    ),
    EntityKind.PARTNERSHIP: Trade(
        "企业管理咨询",
        "咨询部",
        "7243",
        _items("企业管理咨询 信息咨询服务（不含许可类信息咨询服务） 市场营销策划 社会经济咨询服务"),
    ),
}
"""What kinds of entity do that do one thing as a rule."""

FIRST: Final = (
    "鸿瑞恒嘉泽润晟启睿凯祥盛德信诚泰裕丰锦隆君正弘毅博远景明卓越汇融悦安康乐佳宜美惠尚和顺达源"
)
SECOND: Final = (
    "通达远航兴业辰宇轩昊博雅涵泽翔飞腾森海川岳峰林泉溪源茂荣昌盛和顺康宁捷迅诺信优品香园居坊"
)
SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡孔孟颜"
)
GIVEN: Final = (
    "伟芳秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文华玉志建国红梅雪松晓东立新海燕佳"
    "慧思远子涵雨桐一鸣"
)


def trade_name(random: Random) -> str:
    """字号 of two to four characters."""
    name = random.choice(FIRST) + random.choice(SECOND)
    if random.random() < 0.25:
        name += random.choice(SECOND)
    return name


def person(random: Random) -> str:
    """An invented person: a common surname and a given name of one or two characters."""
    given = random.choice(GIVEN)
    if random.random() < 0.8:
        given += random.choice(GIVEN)
    return random.choice(SURNAMES) + given


def scope(trade: Trade, random: Random) -> str:
    """经营范围: general and permit items, either block first or alone; sometimes old free text."""
    general = random.sample(trade.general, random.randint(2, len(trade.general)))
    if random.random() < 0.12:
        return "、".join(general) + "。（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
    blocks = [f"一般项目：{'；'.join(general)}{GENERAL_END}"]
    if trade.permits and random.random() < 0.5:
        blocks.insert(random.randint(0, 1), f"许可项目：{'；'.join(trade.permits)}{PERMIT_END}")
    return "".join(blocks)
