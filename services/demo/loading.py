"""Load the demo park: one copy is the park itself, further copies enlarge it. Each copy is one transaction."""

import datetime as dt
import gc
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import yaml
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from park.accounts.models import User
from park.notices.models import Channel, Delivery, DeliveryState
from park.organisations.models import Role
from park.workflow.actions import all_or_nothing
from park.workflow.calendar import BEIJING, at_hand
from services.intermediaries import register
from services.intermediaries.models import Institution, Offer
from services.interpretation import derived
from services.policies import actions as policies
from services.policies import catalogue, matching
from services.policies.models import Policy

from . import (
    accounts,
    alerts,
    applications,
    casework,
    claims,
    forms,
    knowledge,
    meetings,
    readings,
    requests,
    residents,
    rounds,
    stages,
    together,
    wishes,
)
from .models import Load
from .population import DATA, Company, Person, population

SEED = 1999  # the year in which the park was founded
STAGES = ("project_pre", "enterprise_pre", "startup", "growth", "accelerated")
# Told to their tenants before the demo begins; the others of the catalogue wait for a manager to release them.
RELEASED = {
    "hnte-recognition": 160,
    "rd-super-deduction": 120,
    "tech-guarantee-plan-2024": 75,
    "jilin-talent-3-0": 40,
    "changchun-optoelectronics-2023": 21,
    "ccxq-incremental-2025": 9,
}  # slug: days ago
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Cast:
    """Who of the drawn people has which sign-in, by index."""

    scholars: dict[int, int]
    owners: dict[int, int]

    def addresses(self) -> dict[int, dict]:
        found = {index: {"email": f"scholar{n}@talent.example"} for n, index in self.scholars.items()}
        found |= {index: {"email": f"tenant{n}@company.example"} for n, index in self.owners.items()}
        return {index: fields | {"language": "en"} for index, fields in found.items()}


def load(*, scale: int = 1, seed: int = SEED, tell: Tell = lambda text: None) -> list[int]:
    """Load the copies that are missing up to ``scale``; return their numbers. A second load does nothing."""
    there = set(Load.objects.values_list("copy", flat=True))
    missing = [copy for copy in range(scale) if copy not in there]
    for copy in missing:
        with fewer_collections(), transaction.atomic(), at_hand(dt.date(1999, 1, 1), dt.date(2099, 1, 1)):
            Load.objects.create(copy=copy, seed=seed)
            load_copy(copy, seed, tell)
    return missing


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Look for garbage less often: a load makes millions of objects that go by themselves."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def count_rows() -> None:
    """Let the planner see what was just loaded: it would take full tables for empty ones until somebody counts them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def parts(scale: int) -> int:
    """Return how often a load of the missing copies tells how far it is."""
    there = set(Load.objects.values_list("copy", flat=True))
    cases = 3 + 6 + len(applications.SCHOLARS) + sum(applications.COUNTS.values()) + len(RELEASED)
    cases += sum(count for _path, count in requests.PATHS.values()) + claims.parts()
    return sum(3 + (cases if copy == 0 else 0) for copy in range(scale) if copy not in there)


def load_copy(copy: int, seed: int, tell: Tell) -> None:
    today = timezone.now().astimezone(BEIJING).date()
    rng = random.Random(f"{seed}:{copy}:park")
    people, companies = population(seed, copy, today)
    password = make_password(accounts.PASSWORD) if copy == 0 else make_password(None)
    staff = {}
    if copy == 0:
        tell("people of the park")
        staff = accounts.store_staff(password)
    cast = choose(people, companies) if copy == 0 else Cast({}, {})
    officers = list(User.objects.filter(groups__name="intake-officer").order_by("pk"))
    tell("talents")
    talents = residents.store_people(rng, people, cast.addresses(), password)
    tell("companies")
    tenants = residents.store_companies(rng, companies, talents, officers, today)
    count_rows()
    tell("facts")
    knowledge.store(rng, companies, tenants, people, today)
    count_rows()
    if copy == 0:
        load_cases(rng, cast, people, companies, talents, tenants, staff, password, tell)
    accounts.confirm_addresses()
    if copy == 0:
        together.store()
        with all_or_nothing():
            tell("rounds of review")
            desk = rounds.store(random.Random(f"{seed}:rounds"), staff)
            tell("review meetings")
            meetings.store(desk)
        tell("alerts and webhooks")
        alerts.store()
        settle_the_post()


def choose(people: list[Person], companies: list[Company]) -> Cast:
    """Give the demo's sign-ins to people whose story fits: each owner runs one company."""
    runs = Counter(index for company in companies for index, _share in company.founders)
    owners, taken = {}, set()

    def leader(stage: str) -> int:
        """Return the first founder in a stage who runs nothing else and has no sign-in yet."""
        return next(
            company.founders[0][0]
            for company in companies
            if company.stage == stage
            and company.state == "active"
            and runs[company.founders[0][0]] == 1
            and company.founders[0][0] not in taken
        )

    for n, stage in enumerate(STAGES, start=1):
        owners[n] = leader(stage)
        taken.add(owners[n])
    fourth = leader("project_pre")
    free = [person.index for person in people if person.role == "technical_core"]
    return Cast(scholars={1: free[0], 2: free[1], 3: free[2], 4: fourth, 5: free[3]}, owners=owners)


def load_cases(rng, cast, people, companies, talents, tenants, staff, password, tell: Tell) -> None:
    """Load what happens in the park: policies, institutions, requests, applications, releases."""
    tell("policies")
    author, reviewer = staff["policy@park.example"], staff["policy2@park.example"]
    catalogue.load(DATA / "policies.yaml", author=author, reviewer=reviewer, prepare=derived.write)
    tell("institutions")
    institutions = register.load(yaml.load((DATA / "institutions.yaml").read_bytes(), yaml.CSafeLoader))
    hands = staff_institutions(institutions, password)
    accounts.store_partner(password)
    last = next(t for t, c in zip(tenants, companies, strict=True) if c.founders[0][0] == cast.owners[5])
    accounts.store_member(last.organisation, "member1@company.example", "Demo Member", Role.MEMBER, password)
    with all_or_nothing():
        applications.store(rng, cast, people, companies, talents, tenants, staff, tell)
        forms.store(staff)
    casework.store(staff)
    requests.store(rng, [tenant for tenant in tenants if tenant.state == "active"], hands, tell)
    first = next(each for each in institutions if hands[each.pk].email == "institution1@inst.example")
    requests.leave_waiting(rng, last, first)
    count_rows()
    release(staff, tell)
    own = [t for t, c in zip(tenants, companies, strict=True) if c.founders[0][0] in cast.owners.values()]
    kept = {tenant.pk for tenant in own}
    claims.store(random.Random(f"{SEED}:claims"), staff, own, tell)
    today = timezone.now().astimezone(BEIJING).date()
    with all_or_nothing():
        stages.store(SEED, tenants, kept, staff, today, tell)
    readings.store(staff)
    wishes.store(staff["policy@park.example"])
    settle_the_post()


def staff_institutions(institutions: list[Institution], password: str) -> dict[int, User]:
    """Give each institution a person who acts for it; the demo's sign-ins go to two open ones and a lapsed one."""
    open_today = set(Offer.objects.open_on(timezone.localdate()).values_list("institution", flat=True))
    usable = [institution for institution in institutions if institution.pk in open_today]
    lapsed = [institution for institution in institutions if had_a_licence(institution)]
    named = {lapsed[0].pk: "lapsed@inst.example"}
    for n, institution in enumerate([i for i in usable if i.pk not in named][:2], start=1):
        named[institution.pk] = f"institution{n}@inst.example"
    return {
        institution.pk: accounts.store_member(
            institution.organisation,
            named.get(institution.pk) or institution.contact_email,
            f"Demo Clerk {n}",
            Role.OWNER,
            password if institution.pk in named else make_password(None),
        )
        for n, institution in enumerate(institutions, start=1)
    }


def had_a_licence(institution: Institution) -> bool:
    """Tell whether every licence of an institution has ended."""
    ends = [licence.expires_on for licence in institution.licences.all()]
    return bool(ends) and all(end and end < timezone.localdate() for end in ends)


def release(staff: dict[str, User], tell: Tell) -> None:
    """Let a manager have released some policies, and their verdicts and notices written."""
    manager = staff["manager@park.example"]
    for slug, days in RELEASED.items():
        tell("releases")
        policy = Policy.objects.select_related("current").get(slug=slug)
        seen = policies.preview(version=policy.current, by=manager)
        made = policies.release(version=policy.current, by=manager, previewed=seen)
        matching.run_release(made.pk)
        applications.age_release(made, days)


def settle_the_post() -> None:
    """Say of the mails of the demo's past that they were sent, so that a first start does not send them all."""
    Delivery.objects.filter(channel=Channel.EMAIL, state=DeliveryState.PENDING).update(
        state=DeliveryState.SENT, sent_at=timezone.now()
    )
