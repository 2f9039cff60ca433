"""Names that cannot belong to anyone: invented family names, coined brands, addresses that end in ``.example``.

The family names are words of landscape in two characters that are no Chinese surnames; the brands are coined syllables,
each with the character that writes its sound.
"""

import random

from pypinyin import lazy_pinyin

FAMILY = [
    "桐岚",
    "澜汀",
    "云岫",
    "松岬",
    "澄渚",
    "霁川",
    "杉溪",
    "柏淞",
    "枫渡",
    "栖野",
    "苇洲",
    "晴嶂",
    "汐岸",
    "岚桥",
    "溪照",
    "鹭汀",
    "荻浦",
    "青岱",
    "橡坞",
    "雁碛",
]
GIVEN = list("明远清和宁安思源嘉树文澜若水亦舒景行致知怀瑾书瑶星野知夏予墨一诺昭然以宁君泽可言")
FOREIGN_FAMILY = [
    "Arvelund",
    "Brindovan",
    "Castermeer",
    "Dolvarine",
    "Eskelinde",
    "Farrowith",
    "Grenvaldt",
    "Harmensky",
]
FOREIGN_GIVEN = ["Aleni", "Borislo", "Carine", "Davor", "Elsin", "Fiorel", "Gustan", "Helmi"]
SYLLABLES = {
    "Ke": "柯",
    "Lo": "洛",
    "Vo": "沃",
    "Ra": "拉",
    "Ni": "尼",
    "To": "托",
    "Mi": "米",
    "Sa": "萨",
    "Re": "瑞",
    "Li": "利",
    "No": "诺",
    "De": "德",
    "Ve": "维",
    "Su": "苏",
    "Ta": "塔",
    "Fe": "菲",
    "Lu": "卢",
    "Pa": "帕",
    "Ga": "伽",
    "Xi": "希",
}
SECTOR_WORD = {
    "biomedicine": ("Biotech", "生物"),
    "medical_devices": ("Medical", "医疗"),
    "optoelectronic_information": ("Photonics", "光电"),
    "software_ai": ("Intelligence", "智能"),
    "new_materials": ("Materials", "新材"),
    "advanced_equipment": ("Robotics", "装备"),
    "automotive_parts_nev": ("Mobility", "汽车科技"),
    "satellite_aerospace": ("Orbital", "航天"),
    "new_energy_environment": ("Energy", "能源"),
    "modern_agriculture": ("Agritech", "农科"),
    "tech_services": ("Consulting", "科服"),
}


def pinyin(text: str) -> str:
    """Return the characters' sounds as one word with a capital: 澜汀 → Lanting."""
    return "".join(lazy_pinyin(text)).capitalize()


def person(rng: random.Random, foreign: bool) -> tuple[str, str]:
    """Return (name as in the passport, Chinese name or '')."""
    if foreign:
        return f"{rng.choice(FOREIGN_GIVEN)} {rng.choice(FOREIGN_FAMILY)}", ""
    family, given = rng.choice(FAMILY), "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))
    return f"{pinyin(family)} {pinyin(given)}", family + given


def brands(rng: random.Random):
    """Yield coined brands without end, none twice: ('Kelovo', '柯洛沃')."""
    used, count = set(), 3
    while True:
        for _ in range(400):
            parts = tuple(rng.sample(list(SYLLABLES), count))
            if parts not in used:
                used.add(parts)
                yield "".join(parts).capitalize(), "".join(SYLLABLES[part] for part in parts)
        count = 4  # after a few hundred the short ones run low


def company(brand: tuple[str, str], sector: str) -> tuple[str, str]:
    """Return the English and the Chinese name of a company."""
    english, chinese = SECTOR_WORD[sector]
    return f"{brand[0]} {english}", f"{brand[1]}{chinese}"
