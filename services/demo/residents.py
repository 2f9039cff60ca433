"""Put the people and companies of one copy of the park into the database, set by set."""

import datetime as dt
import random
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from enterprises.growth.models import FinancingRound, IPRight, Recognition, Rung
from enterprises.registry.models import Enterprise, Founder, PublicField
from incubation.journey.models import Milestone, MilestonePlan, StageEnrolment, Tenant
from incubation.journey.stages import Stage
from park.accounts.models import User
from park.organisations.models import Kind, Membership, Organisation, Role
from talents.profiles.models import Consent, Honour, Stay, Talent

from . import names
from .honours import HONOURS
from .population import MONTHS_IN_STAGE, Company, Person

BATCH = 2000
LATEST_ZONES = ["Asia/Shanghai"] * 6 + ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Europe/London"]
TITLE_MONTHS = {Rung.TECH_SME: 12, Rung.INNOVATIVE_SME: 36, Rung.HNTE: 36, Rung.SRDI_SME: 36, Rung.LITTLE_GIANT: 36}


def keep(model, rows: Iterable) -> list:
    """Store rows in batches and return them with their keys."""
    return model.objects.bulk_create(rows, batch_size=BATCH)


def noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def store_people(rng: random.Random, everybody: list[Person], accounts: dict[int, dict], password: str) -> list[Talent]:
    """Store one account and one profile a person. ``accounts`` changes the account of the person of that index."""
    users = keep(
        User,
        [
            User(
                **{
                    "email": person.email,
                    "name": person.name,
                    "name_zh": person.name_zh,
                    "password": make_password(None),
                    "language": "zh-hans" if person.nationality == "CHN" and rng.random() < 0.7 else "en",
                    "time_zone": rng.choice(LATEST_ZONES),
                    "date_joined": noon(person.returned_on),
                }
                | ({"password": password} | accounts[person.index] if person.index in accounts else {})
            )
            for person in everybody
        ],
    )
    talents = keep(
        Talent,
        [
            Talent(
                user=user,
                state="resident" if person.role != "technical_core" else "applicant",
                name=person.name,
                name_zh=person.name_zh,
                name_sort=person.name.lower(),
                gender=person.gender,
                born_on=person.born_on,
                nationality=person.nationality,
                foreign_chinese=person.foreign_chinese,
                origin=person.origin,
                degree="" if person.degree == "none" else person.degree,
                degree_abroad=person.degree != "visiting_scholar",
                sector=person.sector,
                months_abroad=person.months_abroad,
                returned_on=person.returned_on,
                talent_class=person.talent_class,
            )
            for person, user in zip(everybody, users, strict=True)
        ],
    )
    keep(Stay, [stay for pair in zip(everybody, talents, strict=True) for stay in stays(*pair)])
    keep(
        Consent,
        [
            Consent(talent=talent, what=what)
            for talent in talents
            for what, share in ((Consent.What.MATCHING, 0.97), (Consent.What.SHOWCASE, 0.45))
            if rng.random() < share
        ],
    )
    keep(Honour, honours(rng, everybody, talents))
    return talents


def stays(person: Person, talent: Talent) -> list[Stay]:
    """Return a study and, for long times abroad, a post after it, without a gap."""
    began = person.returned_on - dt.timedelta(days=int(person.months_abroad * 30.4))
    middle = began + (person.returned_on - began) * 3 // 5
    visit = person.degree == "visiting_scholar"
    what = {"doctor": "PhD", "master": "MSc", "bachelor": "BSc"}.get(person.degree, "Visiting scholar")
    place = {"talent": talent, "country": person.origin}
    first = Stay(
        **place,
        kind="visit" if visit else "study",
        place="University of Technology (demo)",
        what=what,
        began_on=began,
        ended_on=person.returned_on if person.months_abroad < 36 else middle,
    )
    if person.months_abroad < 36:
        return [first]
    second = Stay(
        **place,
        kind="work",
        place="Research institute (demo)",
        what="Researcher",
        began_on=middle,
        ended_on=person.returned_on,
    )
    return [first, second]


def honours(rng: random.Random, everybody: list[Person], talents: list[Talent]) -> list[Honour]:
    """Return one or two honours for each person who has any."""
    drawn = []
    for person, talent in zip(everybody, talents, strict=True):
        if not person.honoured:
            continue
        possible = [honour for honour in HONOURS if max(honour[5]) >= person.returned_on.year] or HONOURS[1:2]
        for name_en, name_zh, by_en, by_zh, level, years, cash, validity in rng.sample(
            possible, min(len(possible), rng.choice((1, 1, 1, 2)))
        ):
            year = rng.choice([year for year in years if year >= person.returned_on.year] or years[-1:])
            drawn.append(
                Honour(
                    talent=talent,
                    name=name_en,
                    name_en=name_en,
                    name_zh_hans=name_zh,
                    granted_by=by_en,
                    granted_by_en=by_en,
                    granted_by_zh_hans=by_zh,
                    level=level,
                    year=year,
                    cash=cash and Decimal(cash),
                    by_the_park=rng.random() < 0.95,
                    valid_until=validity and dt.date(year + validity, 12, 31),
                )
            )
    return drawn


def store_companies(
    rng: random.Random, drawn: list[Company], talents: list[Talent], officers: list[User], today: dt.date
) -> list[Tenant]:
    """Store organisations, enterprises, founders, memberships and tenancies."""
    organisations = keep(
        Organisation,
        [
            Organisation(
                kind=Kind.PROJECT if company.registered_on is None else Kind.ENTERPRISE,
                slug=company.slug,
                name=company.name,
                name_en=company.name,
                name_zh_hans=company.name_zh,
                created_at=noon(company.admitted_on),
            )
            for company in drawn
        ],
    )
    enterprises = keep(
        Enterprise,
        [
            Enterprise(
                organisation=organisation,
                credit_code=company.credit_code,
                sector=company.sector,
                zone=company.zone,
                registered_on=company.registered_on,
                public_fields=public_fields(rng),
                **about(company),
                created_at=noon(company.admitted_on),
            )
            for company, organisation in zip(drawn, organisations, strict=True)
        ],
    )
    tenants = keep(
        Tenant,
        [
            Tenant(
                organisation=organisation,
                talent=talents[company.founders[0][0]],
                enterprise=enterprise,
                sector=company.sector,
                state=company.state,
                stage=company.stage,
                stage_since=company.stage_since,
                stage_due=company.stage_since + dt.timedelta(days=int(MONTHS_IN_STAGE[company.stage][1] * 30.4) + 90),
                admitted_on=company.admitted_on,
                officer=rng.choice(officers),
            )
            for company, organisation, enterprise in zip(drawn, organisations, enterprises, strict=True)
        ],
    )
    keep(
        Founder,
        [
            Founder(enterprise=enterprise, talent=talents[index], share=share, legal_representative=first == 0)
            for company, enterprise in zip(drawn, enterprises, strict=True)
            for first, (index, share) in enumerate(company.founders)
        ],
    )
    keep(
        Membership,
        [
            Membership(
                organisation=organisation,
                user=talents[index].user,
                role=Role.OWNER if first == 0 else Role.MANAGER,
                since=noon(company.admitted_on),
            )
            for company, organisation in zip(drawn, organisations, strict=True)
            for first, (index, _share) in enumerate(company.founders)
        ],
    )
    keep(Milestone, milestones(rng, drawn, tenants, today))
    keep(StageEnrolment, [row for pair in zip(drawn, tenants, strict=True) for row in enrolments(*pair)])
    store_growth(rng, drawn, enterprises, today)
    return tenants


def public_fields(rng: random.Random) -> list[str]:
    """Return what a company agreed to show: two in three show something, field by field."""
    if rng.random() < 0.34:
        return []
    rest = [field for field in PublicField if field != PublicField.NAME and rng.random() < 0.6]
    return [PublicField.NAME, *rest]


def about(company: Company) -> dict[str, str]:
    word_en, word_zh = names.SECTOR_WORD[company.sector]
    english = f"{company.name} turns research from abroad into products: {word_en.lower()}, from prototype to series."
    chinese = f"{company.name_zh}将海外研究成果转化为{word_zh}领域的产品，覆盖从样机到批量的全过程。"
    return {"about": english, "about_en": english, "about_zh_hans": chinese}


def milestones(rng: random.Random, drawn: list[Company], tenants: list[Tenant], today: dt.date) -> list[Milestone]:
    """Return the usual milestones of each tenant's stage, the first of them reached."""
    plans = list(MilestonePlan.objects.all())
    rows = []
    for company, tenant in zip(drawn, tenants, strict=True):
        mine = [plan for plan in plans if plan.stage == company.stage]
        hit = rng.randint(0, max(len(mine) - 1, 0))
        for n, plan in enumerate(mine):
            day = company.stage_since + (today - company.stage_since) * (n + 1) // (hit + 1)
            rows.append(
                Milestone(
                    tenant=tenant,
                    stage=plan.stage,
                    position=plan.position,
                    name=plan.name_en,
                    name_en=plan.name_en,
                    name_zh_hans=plan.name_zh_hans,
                    reached_on=day if n < hit else None,
                )
            )
    return rows


def enrolments(company: Company, tenant: Tenant) -> list[StageEnrolment]:
    """Return a tenant's time in each stage so far: the earlier ones share the time before the current one."""
    stages = list(Stage)[: list(Stage.values).index(company.stage) + 1]
    earlier = stages[:-1]
    span = (company.stage_since - company.admitted_on) / max(len(earlier), 1)
    rows, since = [], company.admitted_on
    for n, stage in enumerate(earlier, start=1):
        until = company.stage_since if n == len(earlier) else company.admitted_on + span * n
        rows.append(StageEnrolment(tenant=tenant, stage=stage, since=since, ended_on=until))
        since = until
    ended = company.state in ("graduated", "exited")
    last = company.stage_since + dt.timedelta(days=20)
    rows.append(
        StageEnrolment(
            tenant=tenant,
            stage=company.stage,
            since=company.stage_since,
            due=tenant.stage_due,
            ended_on=last if ended else None,
        )
    )
    return rows


def store_growth(rng: random.Random, drawn: list[Company], enterprises: list[Enterprise], today: dt.date) -> None:
    """Store titles, IP rights and money raised, in keeping with each company's stage."""
    titles, rights, rounds = [], [], []
    number: Callable[[], str] = lambda: f"DEMO-{rng.randint(10**8, 10**9 - 1)}"  # noqa: E731
    for company, enterprise in zip(drawn, enterprises, strict=True):
        if company.registered_on is None:
            continue
        age = (today - company.registered_on).days
        if company.ladder != "none":
            months = TITLE_MONTHS.get(company.ladder, 36)
            granted = today - dt.timedelta(days=rng.randint(0, int(min(months * 30.4 * 0.9, max(age, 1)))))
            titles.append(
                Recognition(
                    enterprise=enterprise,
                    rung=company.ladder,
                    number=number(),
                    valid_from=granted,
                    valid_until=granted + dt.timedelta(days=int(months * 30.4)),
                )
            )
        depth = list(Stage.values).index(company.stage)
        for kind in rng.choices(list(IPRight.Kind)[:4], weights=(4, 3, 1, 4), k=rng.randint(0, 2 + depth * 2)):
            granted = today - dt.timedelta(days=rng.randint(20, max(age, 30)))
            rights.append(
                IPRight(
                    enterprise=enterprise,
                    kind=kind,
                    title=f"{kind.label} {company.name} {len(rights) + 1}",
                    number=f"DEMO{enterprise.pk:06d}{len(rights):06d}",
                    granted_on=granted,
                    expires_on=granted + dt.timedelta(days=3650 if kind != IPRight.Kind.INVENTION else 7300),
                )
            )
        for kind in list(FinancingRound.Kind)[: rng.choices((0, 1, 2, 3), weights=(5 - depth, 3, depth, depth))[0]]:
            rounds.append(
                FinancingRound(
                    enterprise=enterprise,
                    kind=kind,
                    amount=Decimal(rng.randint(4, 60 * (depth + 1)) * 100_000),
                    closed_on=today - dt.timedelta(days=rng.randint(10, max(age, 20))),
                    investor="Demo capital (fictitious)",
                )
            )
    keep(Recognition, titles)
    keep(IPRight, rights)
    keep(FinancingRound, rounds)
