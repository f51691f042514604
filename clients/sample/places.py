"""Counties, zones and towns, and addresses in them."""

from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Area:
    """A unit that registers, with the towns where its businesses stand."""

    name: str
    """As addresses write it."""
    code: str
    """GB/T 2260; zones have none of their own and carry the county's in credit codes."""
    short: str
    """As business names write it."""
    towns: tuple[str, ...]
    weight: int
    """Share of the city's businesses."""
    zone: bool = False


def _towns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CITY_CODE: Final = "370800"
AREAS: Final = (
    Area(
        "任城区",
        "370811",
        "任城区",
        _towns(
            "阜桥街道 古槐街道 济阳街道 越河街道 南苑街道 观音阁街道 金城街道 仙营街道 "
            "李营街道 唐口街道 长沟镇 喻屯镇"
        ),
        18,
    ),
    Area(
        "兖州区",
        "370812",
        "兖州区",
        _towns("鼓楼街道 龙桥街道 酒仙桥街道 兴隆庄街道 新兖镇 大安镇 颜店镇 新驿镇 小孟镇 漕河镇"),
        9,
    ),
    Area(
        "微山县",
        "370826",
        "微山县",
        _towns("夏镇街道 昭阳街道 傅村街道 韩庄镇 欢城镇 南阳镇 鲁桥镇 留庄镇 两城镇"),
        7,
    ),
    Area(
        "鱼台县",
        "370827",
        "鱼台县",
        _towns("谷亭街道 滨湖街道 清河镇 鱼城镇 王鲁镇 张黄镇 王庙镇 李阁镇 唐马镇"),
        5,
    ),
    Area(
        "金乡县",
        "370828",
        "金乡县",
        _towns("金乡街道 高河街道 王丕街道 鱼山街道 羊山镇 胡集镇 霄云镇 鸡黍镇 化雨镇 马庙镇"),
        8,
    ),
    Area(
        "嘉祥县",
        "370829",
        "嘉祥县",
        _towns("嘉祥街道 卧龙山街道 万张街道 纸坊镇 梁宝寺镇 马村镇 金屯镇 大张楼镇 孟姑集镇"),
        8,
    ),
    Area(
        "汶上县",
        "370830",
        "汶上县",
        _towns("中都街道 汶上街道 南站街道 南旺镇 次邱镇 寅寺镇 郭楼镇 康驿镇 苑庄镇 义桥镇"),
        7,
    ),
    Area(
        "泗水县",
        "370831",
        "泗水县",
        _towns("泗河街道 济河街道 泉林镇 星村镇 柘沟镇 金庄镇 苗馆镇 中册镇 杨柳镇"),
        6,
    ),
    Area(
        "梁山县",
        "370832",
        "梁山县",
        _towns("水泊街道 梁山街道 小路口镇 韩岗镇 拳铺镇 杨营镇 韩垓镇 馆驿镇 小安山镇"),
        8,
    ),
    Area(
        "曲阜市",
        "370881",
        "曲阜市",
        _towns("鲁城街道 书院街道 时庄街道 小雪街道 吴村镇 姚村镇 陵城镇 尼山镇 王庄镇 息陬镇"),
        8,
    ),
    Area(
        "邹城市",
        "370883",
        "邹城市",
        _towns(
            "钢山街道 千泉街道 凫山街道 香城镇 城前镇 大束镇 北宿镇 中心店镇 太平镇 石墙镇 峄山镇"
        ),
        10,
    ),
    Area(
        "高新区", "370811", "", _towns("洸河街道 柳行街道 接庄街道 王因街道 黄屯街道"), 4, zone=True
    ),
    Area("太白湖新区", "370811", "", _towns("许庄街道 石桥镇"), 1, zone=True),
    Area("经开区", "370829", "", _towns("疃里镇 马集镇"), 1, zone=True),
)

ROADS: Final = _towns(
    "建设路 人民路 银杏路 运河路 泉河路 文昌路 崇文大街 光明街 和平路 胜利街 育才路 工业路 长虹路 "
    "金宇路 车站西路 兴隆街 龙泉路 迎宾大道 荷花路 杏坛路 洙水街 凤凰路"
)
_VILLAGES: Final = _towns("东王村 前刘村 后张村 西李村 孟家村 小屯村 大官庄 三里营村 石桥村 南徐村")
_LANDMARKS: Final = _towns("镇政府驻地 供销社 中心小学 卫生院 农贸市场 汽车站")


def address(area: Area, random: Random) -> str:
    """An address of 15 to 60 characters in one of the ways that files write it."""
    front = random.choice(("山东省济宁市", "山东省济宁市", "济宁市", "济宁市", ""))
    if area.zone and not front:
        front = "济宁"
    town = random.choice(area.towns)
    return f"{front}{area.name}{town}{_door(random)}"


def address_without_county(random: Random) -> str:
    """What old files hold: a road and a door, and nobody knows in which county."""
    return f"{random.choice(ROADS)}{random.randint(1, 199)}号"


def _door(random: Random) -> str:
    road, number = random.choice(ROADS), random.randint(1, 399)
    shape = random.random()
    if shape < 0.30:
        return f"{road}{number}号"
    if shape < 0.45:
        building, shop = random.randint(1, 30), random.randint(101, 132)
        return f"{road}{number}号{building}号楼1-{shop}号商铺（自主申报）"
    if shape < 0.60:
        other = random.choice([name for name in ROADS if name != road])
        return f"{road}{number}号（{other}路口向{random.choice('东西南北')}{number}米）"
    if shape < 0.75:
        metres = random.randint(1, 9) * 50
        way, side = random.choice("东西南北"), random.choice("东西南北")
        return f"{random.choice(_LANDMARKS)}向{way}{metres}米路{side}"
    if shape < 0.90:
        return f"{random.choice(_VILLAGES)}{number}号"
    return f"{road}{number}号创业大厦{random.randint(1, 20)}层{random.randint(101, 120)}室"
