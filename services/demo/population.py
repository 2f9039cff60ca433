"""The people and companies of the demo park as plain data; every total of ``people-countries.yaml`` holds.

Pure: no database. The same seed, copy and day give the same park.
"""

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from stdnum.cn import uscc

from . import names

DATA = Path(__file__).parent / "data"
AGE_BANDS = {
    "under_30": (26, 29),
    "30_34": (30, 34),
    "35_39": (35, 39),
    "40_44": (40, 44),
    "45_54": (45, 54),
    "55_plus": (55, 66),
}
HEADCOUNT = {"1_9": (1, 9), "10_29": (10, 29), "30_99": (30, 99), "100_299": (100, 299), "300_plus": (300, 620)}
REVENUE = {
    "zero": (0, 0),
    "under_1m": (60_000, 990_000),
    "1m_5m": (1_000_000, 4_900_000),
    "5m_20m": (5_000_000, 19_000_000),
    "20m_100m": (20_000_000, 98_000_000),
    "over_100m": (105_000_000, 640_000_000),
}
AREA = {"under_50": (12, 49), "50_199": (50, 199), "200_499": (200, 499), "500_plus": (500, 2600)}
SHARE = {"30_49": (30, 49), "50_79": (50, 79), "80_100": (80, 100)}
STAGE_AGE_MONTHS = {"enterprise_pre": (1, 6), "startup": (6, 34), "growth": (26, 80), "accelerated": (60, 170)}
MONTHS_IN_STAGE = {
    "project_pre": (0, 7),
    "enterprise_pre": (0, 6),
    "startup": (1, 22),
    "growth": (2, 32),
    "accelerated": (3, 40),
}


@dataclass
class Person:
    """A talent before it is stored. ``index`` counts from 0 within the copy."""

    index: int
    name: str
    name_zh: str
    email: str
    gender: str
    born_on: dt.date
    nationality: str
    foreign_chinese: bool
    origin: str
    degree: str
    role: str
    returned_on: dt.date
    months_abroad: int
    talent_class: str
    honoured: bool
    sector: str = ""


@dataclass
class Company:
    """An enterprise and its tenancy before they are stored. ``founders`` holds (person index, share)."""

    index: int
    name: str
    name_zh: str
    slug: str
    credit_code: str | None
    sector: str
    stage: str
    state: str
    zone: str
    registered_on: dt.date | None
    admitted_on: dt.date
    stage_since: dt.date
    ladder: str
    headcount: int
    revenue: Decimal
    leased_area: int
    founders: list[tuple[int, int]] = field(default_factory=list)


@cache
def tables() -> dict:
    """Return the totals of the park, read once."""
    return yaml.safe_load((DATA / "people-countries.yaml").read_text(encoding="utf-8"))


def spread(rows: list[dict], key: str = "code") -> list[str]:
    """Return each row's code as often as its count says, in the order of the rows."""
    return [str(row[key]) for row in rows for _ in range(row["count"])]


def shuffled(rng: random.Random, items: list) -> list:
    items = list(items)
    rng.shuffle(items)
    return items


def nearly_sorted(rng: random.Random, items: list, noise: float) -> list:
    """Return the items mostly in their order: neighbours change places within ``noise`` of the length."""
    width = len(items) * noise
    order = sorted(range(len(items)), key=lambda i: i + rng.uniform(-width, width))
    return [items[i] for i in order]


def credit_code(number: int) -> str:
    """Return a valid code of the unassigned region 229900 (GB 32100-2015, GB 11714), another for each number."""
    digits, body = number, ""
    for _ in range(6):
        digits, rest = divmod(digits, 31)
        body = "0123456789ABCDEFGHJKLMNPQRTUWXY"[rest] + body
    body = "M" + body + "0"
    weighed = sum(
        (int(c) if c.isdigit() else ord(c) - 55) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    check = {10: "X", 11: "0"}.get(11 - weighed % 11, str(11 - weighed % 11))
    first17 = "91229900" + body + check
    return first17 + uscc.calc_check_digit(first17)


def people(rng: random.Random, copy: int, today: dt.date) -> list[Person]:
    """Return the 335 talents of one copy of the park."""
    data = tables()["talents"]
    passports = []
    for row in tables()["countries"]:
        abroad = row["iso3"]
        passports += [(abroad, "CHN", False)] * (row["talents"] - row["foreign_chinese"] - row["other_foreign"])
        passports += [(abroad, "CAN" if abroad == "HKG" else abroad, True)] * row["foreign_chinese"]
        passports += [(abroad, abroad, False)] * row["other_foreign"]
    passports = shuffled(rng, passports)
    bands = spread(data["age_band"])[::-1]  # the oldest first …
    periods = nearly_sorted(rng, spread(data["returned_period"]), 0.04)  # … came back first
    degrees, roles = (shuffled(rng, spread(data[key])) for key in ("degree", "role"))
    genders, classes = (shuffled(rng, spread(data[key])) for key in ("gender", "jilin_class"))
    honoured = set(rng.sample(range(len(passports)), data["with_honour"]["count"]))
    drawn, used = [], set()
    for i, (origin, nationality, foreign_chinese) in enumerate(passports):
        name, name_zh = names.person(rng, nationality != "CHN" and not foreign_chinese)
        while name in used:
            name, name_zh = names.person(rng, nationality != "CHN" and not foreign_chinese)
            if len(used) > 250:
                break
        used.add(name)
        age = rng.randint(*AGE_BANDS[bands[i]])
        first, last = (int(year) for year in periods[i].split("_"))
        born = today.replace(year=today.year - age, day=1) - dt.timedelta(days=rng.randint(0, 360))
        returned = dt.date(max(rng.randint(first, min(last, today.year - 1)), born.year + 24), rng.randint(1, 12), 15)
        drawn.append(
            Person(
                index=i,
                name=name,
                name_zh=name_zh,
                gender=genders[i],
                born_on=born,
                nationality=nationality,
                email=f"{name.lower().replace(' ', '.')}.{copy * 1000 + i:04d}@talent.example",
                foreign_chinese=foreign_chinese,
                origin=origin,
                degree=degrees[i],
                role=roles[i],
                returned_on=min(returned, today - dt.timedelta(days=30)),
                months_abroad=rng.randint(14, 120),
                talent_class="" if classes[i] == "none" else classes[i],
                honoured=i in honoured,
            )
        )
    return drawn


def companies(rng: random.Random, copy: int, today: dt.date, everybody: list[Person]) -> list[Company]:
    """Return the 242 companies of one copy, each with its founders among the people."""
    data = tables()["enterprises"]
    stages = data["sector_by_stage"]["columns"]
    places = [
        (stage, row["sector"])
        for n, stage in enumerate(stages)
        for row in data["sector_by_stage"]["rows"]
        for _ in range(row["counts"][n])
    ]
    states = []
    for row in data["stage_by_status"]["rows"]:
        active, graduated, exited = row["counts"]
        states += shuffled(rng, ["active"] * active + ["graduated"] * graduated + ["exited"] * exited)
    ladder = nearly_sorted(rng, spread(data["ladder"]), 0.25)
    headcounts = nearly_sorted(rng, spread(data["headcount_band"]), 0.15)
    revenues = nearly_sorted(rng, spread(data["revenue_band_cny"]), 0.12)
    areas = nearly_sorted(rng, spread(data["leased_area_m2"]), 0.3)
    shares, zones = (shuffled(rng, spread(data[key])) for key in ("founders_overseas_share", "zone"))
    brand = names.brands(rng)
    drawn = []
    for i, (stage, sector) in enumerate(places):
        name, name_zh = names.company(next(brand), sector)
        month = 30.4
        in_stage = rng.randint(*MONTHS_IN_STAGE[stage])
        age = max(rng.randint(*STAGE_AGE_MONTHS.get(stage, (0, 0))), in_stage) if stage != "project_pre" else 0
        since = today - dt.timedelta(days=int(in_stage * month) + rng.randint(1, 28))
        registered = (
            None if stage == "project_pre" else today - dt.timedelta(days=int(age * month) + rng.randint(29, 58))
        )
        admitted = since if registered is None else min(since, registered - dt.timedelta(days=rng.randint(20, 150)))
        band = shares[i]
        slug = f"{name.lower().replace(' ', '-')}" + (f"-{copy}" if copy else "")
        drawn.append(
            Company(
                index=i,
                name=name,
                name_zh=name_zh,
                slug=slug,
                sector=sector,
                stage=stage,
                state=states[i],
                zone=zones[i],
                credit_code=None if registered is None else credit_code(100_000 + copy * 1000 + i),
                registered_on=registered,
                admitted_on=admitted,
                stage_since=since,
                ladder=ladder[i],
                headcount=rng.randint(*HEADCOUNT[headcounts[i]]),
                revenue=Decimal(rng.randint(*REVENUE[revenues[i]]) // 1000 * 1000),
                leased_area=rng.randint(*AREA[areas[i]]),
                founders=[(-1, rng.randint(*SHARE[band]))],
            )
        )
    settle_founders(rng, drawn, everybody)
    return drawn


def settle_founders(rng: random.Random, drawn: list[Company], everybody: list[Person]) -> None:
    """Give each company its founder (six run two) and spread the co-founders; the shares keep their band."""
    founders = shuffled(rng, [person.index for person in everybody if person.role == "founder"])
    pairs = len(drawn) - len(founders)
    grown = [company for company in drawn if company.stage in ("growth", "accelerated")]
    second = dict(zip([company.index for company in rng.sample(grown, pairs)], founders[:pairs], strict=True))
    queue = iter(founders)
    for company in drawn:
        leader = second.get(company.index)
        leader = next(queue) if leader is None else leader
        company.founders = [(leader, company.founders[0][1])]
    for person in everybody:
        if person.role == "co_founder":
            company = rng.choice([c for c in drawn if len(c.founders) == 1 and c.founders[0][0] != person.index])
            leader, share = company.founders[0]
            part = max(1, share // 4)
            company.founders = [(leader, share - part), (person.index, part)]
    for company in drawn:
        for index, _share in company.founders:
            everybody[index].sector = everybody[index].sector or company.sector
    for person in everybody:
        person.sector = person.sector or rng.choice(drawn).sector


def population(seed: int, copy: int, today: dt.date) -> tuple[list[Person], list[Company]]:
    """Return (people, companies) of one copy of the park; copy 0 is the park itself."""
    rng = random.Random(f"{seed}:{copy}")
    everybody = people(rng, copy, today)
    return everybody, companies(rng, copy, today, everybody)
