"""Service requests of the demo park in every state, each brought there by the verbs that bring anybody's."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone

from incubation.journey.models import Tenant
from park.notices.kinds import registered
from park.organisations.models import Membership, Role
from park.workflow.actions import MoveRefused
from services.intermediaries import actions, matching, needs
from services.intermediaries.models import Institution, Match, Offer, ServiceRequest
from services.intermediaries.states import State

from . import past

WORDS = [
    "We want to borrow against two invention patents and need to know what the bank will ask for.",
    "Our books were kept by a friend until now. We look for somebody who knows R&D ledgers.",
    "We need the special audit for the high-tech filing before the window closes.",
    "A customer abroad asks for a test report. Which tests are needed, and how long do they take?",
    "我们计划申请知识产权质押贷款，希望先了解评估和担保费用。",
    "两位外籍同事的工作许可将在年内到期，希望委托办理延期。",
]
# How often each ending occurs; each entry of a path is one verb.
PATHS = {
    State.OPEN: ((), 4),
    State.MATCHED: ((), 9),
    State.TAKEN: (("take",), 7),
    State.IN_SERVICE: (("take", "start"), 7),
    State.DELIVERED: (("take", "start", "deliver"), 6),
    State.CLOSED: (("take", "start", "deliver", "close"), 14),
    State.CANCELLED: (("cancel",), 4),
    State.EXPIRED: (("expire",), 3),
}
DECLINED = 6  # requests that one institution declined before another took or may take it


def store(rng: random.Random, tenants: list[Tenant], hands: dict[int, object], tell: Callable[[str], None]) -> None:
    """Store requests in every state. ``hands`` is the person who acts for each institution, by its key."""
    simple = [need for need in needs.NEEDS if need.simple]
    careful = [need for need in needs.NEEDS if not need.simple]
    grown = [
        tenant
        for tenant in tenants
        if tenant.state == "active" and tenant.enterprise_id and tenant.stage != "project_pre"
    ]
    queue = [(state, path) for state, (path, count) in PATHS.items() for _ in range(count)]
    declined, offers = DECLINED, offered()
    for state, path in queue:
        tell("service requests")
        need, tenant = wished(rng, careful if state == State.OPEN else simple, grown, offers)
        request = ask(rng, tenant, need)
        if request.state == State.MATCHED:
            declined -= decline_once(request, hands) if declined and state in (State.MATCHED, State.TAKEN) else 0
            follow(rng, request, path, hands)
        when(rng, request)


def leave_waiting(rng: random.Random, tenant: Tenant, institution: Institution) -> None:
    """Let one of the demo's sign-ins have asked, and another find the request waiting."""
    owner = Membership.objects.current().filter(organisation=tenant.organisation_id, role=Role.OWNER).first().user
    request = actions.ask(
        tenant=tenant,
        need="ip_pledge_finance",
        text=WORDS[0],
        by=owner,
        recipients=[institution.pk],
        share_contact=True,
        amount=Decimal(3_000_000),
        wanted_by=timezone.localdate() + dt.timedelta(days=60),
    )
    when(rng, request)


def offered() -> list[tuple[str, list[str], list[str]]]:
    """Return the services that are listed, each with the stages and the fields that it is for; no field is all."""
    listed = Offer.objects.filter(institution__in=Institution.objects.listed())
    return list(listed.values_list("code", "stages", "institution__sectors"))


def wished(
    rng: random.Random, wanted: list[needs.Need], tenants: list[Tenant], offers: list
) -> tuple[needs.Need, Tenant]:
    """Return a need and a tenant for which some institution fits."""
    while True:
        need, tenant = rng.choice(wanted), rng.choice(tenants)
        thinkable = any(
            code in need.offers and tenant.stage in stages and (not sectors or tenant.sector in sectors)
            for code, stages, sectors in offers
        )
        if thinkable and matching.fits_somebody(matching.Wish(need, tenant.pk, tenant.stage, tenant.sector)):
            return need, tenant


def ask(rng: random.Random, tenant: Tenant, need) -> ServiceRequest:
    owner = Membership.objects.current().filter(organisation=tenant.organisation_id, role=Role.OWNER).first().user
    return actions.ask(
        tenant=tenant,
        need=need.code,
        text=rng.choice(WORDS),
        by=owner,
        share_contact=rng.random() < 0.8,
        amount=Decimal(rng.randint(3, 60) * 100_000) if need.money else None,
        wanted_by=timezone.localdate() + dt.timedelta(days=rng.randint(10, 90)),
    )


def waiting(request: ServiceRequest) -> list[Match]:
    return list(request.matches.filter(reply=Match.Reply.WAITING).select_related("institution").order_by("rank"))


def decline_once(request: ServiceRequest, hands: dict[int, object]) -> bool:
    """Let the first institution decline if another one is left."""
    asked = waiting(request)
    if len(asked) < 2:
        return False
    institution: Institution = asked[0].institution
    code = next(iter(Match.Decline.values))
    actions.decline(request=request, institution=institution, by=hands[institution.pk], code=code)
    return True


def follow(rng: random.Random, request: ServiceRequest, path: tuple[str, ...], hands: dict[int, object]) -> None:
    """Make the moves of one path; the institution that takes it is the best that was asked."""
    asked = waiting(request)
    institution = asked[0].institution if asked else None
    for step in path:
        try:
            if step in ("take", "start"):
                getattr(actions, step)(request=request, institution=institution, by=hands[institution.pk])
            elif step == "deliver":
                actions.deliver(
                    request=request,
                    institution=institution,
                    by=hands[institution.pk],
                    outcome=ServiceRequest.Outcome.values[0],
                )
            elif step == "close":
                actions.close(request=request, by=request.asked_by)
            elif step == "cancel":
                actions.cancel(request=request, by=request.asked_by)
            else:
                actions.expire(request=request)
        except MoveRefused:
            return  # a licence ended in between: the request stays where it is


def when(rng: random.Random, request: ServiceRequest) -> None:
    """Spread the steps over the last weeks: young ones are a day or two old, finished ones up to half a year."""
    request.refresh_from_db()
    finished = request.state in (State.CLOSED, State.CANCELLED, State.EXPIRED)
    start = timezone.now() - dt.timedelta(
        hours=rng.randint(3, 30) if request.state in (State.OPEN, State.MATCHED) else rng.randint(24 * 12, 24 * 60)
    )
    if finished:
        start -= dt.timedelta(days=rng.randint(20, 120))
    gaps = [dt.timedelta(minutes=rng.randint(1, 4)), dt.timedelta(hours=rng.randint(2, 30))]
    gaps += [dt.timedelta(hours=rng.randint(20, 60)) for _ in range(6)]
    moments, moment = [], start
    for gap in [dt.timedelta(0), *gaps]:
        moment = min(moment + gap, timezone.now())
        moments.append(moment)
    kinds = [kind.name for kind in registered() if kind.name.startswith("request-")]
    also = [(match, ("told_at", "replied_at")) for match in request.matches.all()]
    past.move(request, moments, fields=("created_at",), kinds=kinds, also=also)
