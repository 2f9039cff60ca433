"""What happens to a request: asked, matched, taken or declined, begun, delivered, closed. Nothing else changes it."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.journey.states import TenantState
from park.organisations.access import may_act_for
from park.workflow.actions import GuardFailed, MoveRefused, NotYours, apply_move, begin, verb
from park.workflow.calendar import beijing_day

from . import access, letters, matching, needs
from .models import Institution, Match, Offer, ServiceRequest
from .states import MACHINE

Reply = Match.Reply


class NobodyFits(MoveRefused):
    """No institution fits the request as it stands."""

    code = "nobody-fits"


class ChoiceRefused(MoveRefused):
    """Somebody was chosen whom the ranking does not hold, or too many were."""

    code = "choice-refused"
    status = 422


@verb
def ask(
    *,
    tenant,
    need: str,
    text: str,
    by,
    amount: Decimal | None = None,
    wanted_by: dt.date | None = None,
    language: str = "",
    share_contact: bool = False,
    recipients: Iterable[int] | None = None,
) -> ServiceRequest:
    """Ask for a service. A simple need is matched at once; any other waits for an officer.

    ``recipients`` are institutions chosen from the ranking; where nobody is chosen, the best are asked.
    """
    if not access.may_ask(by, tenant):
        raise NotYours
    if tenant.state != TenantState.ACTIVE:
        raise GuardFailed(_("Only companies and projects in the park can ask."))
    wanted = needs.find(need)
    if wanted is None:
        raise GuardFailed(_("Choose what you need from the list."))
    request = ServiceRequest.objects.create(
        ref=_next_ref(),
        tenant=tenant,
        asked_by=by,
        need=need,
        text=text,
        amount=amount,
        wanted_by=wanted_by,
        language=language,
        share_contact=share_contact,
    )
    begin(MACHINE, request, "ask", by=by, acting_for=tenant.organisation)
    letters.sent(request)
    ranking = matching.rank(matching.wish_of(request, wanted))
    if wanted.simple and ranking.fitting:
        _match(request, ranking, recipients, by=None)
    else:
        matching.keep(request, matching.Ranking([], ranking.left_out), (), request.created_at)
        letters.waiting_for_officer(request)
    return request


@verb
def triage(
    *, request: ServiceRequest, by, need: str = "", recipients: Iterable[int] | None = None, version: int | None = None
) -> ServiceRequest:
    """An officer has institutions asked, for the need as sent or for the one it turned out to be.

    Raises NobodyFits where there is no institution, or none that was not asked before.
    """
    wanted = needs.find(need or request.need)
    if wanted is None:
        raise GuardFailed(_("Choose what is needed from the list."))
    ranking = matching.rank(matching.wish_of(request, wanted))
    _match(request, ranking, recipients, by=by, version=version, need=wanted.code)
    return request


@verb
def answer(*, request: ServiceRequest, by, note: str, version: int | None = None) -> ServiceRequest:
    """An officer answers without an institution; the note goes to the tenant."""
    apply_move(MACHINE, request, "answer", by=by, may=access.may_make, note=note, version=version)
    letters.answered(request, note)
    return request


@verb
def take(*, request: ServiceRequest, institution: Institution, by, version: int | None = None) -> ServiceRequest:
    """An institution takes the request: the first one does, and the others hear that it went to another."""
    own = {}

    def still_may(locked: ServiceRequest) -> None:
        own["match"] = _waiting(locked, institution)
        offer = own["match"].offer
        if offer and not Offer.objects.open_on(beijing_day(timezone.now())).filter(pk=offer.pk).exists():
            raise GuardFailed(
                _("Your licence for this service is not valid today. Renew it, then take requests again."),
                code="licence-lapsed",
            )

    _check_hand(institution, by)
    log = apply_move(
        MACHINE,
        request,
        "take",
        by=by,
        may=access.may_make,
        acting_for=institution.organisation,
        guard=still_may,
        version=version,
    )
    match = own["match"]
    match.reply, match.replied_at = Reply.TAKEN, log.at
    match.save(update_fields=["reply", "replied_at"])
    others = request.matches.filter(reply=Reply.WAITING).select_related("institution")
    passed = [other.institution for other in others]
    others.update(reply=Reply.PASSED)
    letters.taken(request, institution)
    letters.passed(request, passed)
    return request


@verb
def decline(
    *, request: ServiceRequest, institution: Institution, by, code: str, note: str = "", version: int | None = None
) -> ServiceRequest:
    """An institution declines with a reason. When nobody is left to answer, the next ones are asked, or an officer."""
    own = {}

    def still_may(locked: ServiceRequest) -> None:
        own["match"] = _waiting(locked, institution)

    _check_hand(institution, by)
    log = apply_move(
        MACHINE,
        request,
        "decline",
        by=by,
        may=access.may_make,
        acting_for=institution.organisation,
        guard=still_may,
        reason_code=code,
        note=note,
        version=version,
    )
    match = own["match"]
    match.reply, match.replied_at = Reply.DECLINED, log.at
    match.decline_code, match.decline_reason = code, note[:200]
    match.save(update_fields=["reply", "replied_at", "decline_code", "decline_reason"])
    letters.declined(request, institution, match)
    if not request.matches.filter(reply=Reply.WAITING).exists():
        _go_on(request)
    return request


@verb
def widen(*, request: ServiceRequest, by=None) -> bool:
    """Ask the next institutions beside those that were asked; return whether there was one left to ask."""
    now = timezone.now()
    due = _next_in_reserve(request, now)
    if not due:
        return False
    apply_move(MACHINE, request, "widen", by=by, may=access.may_make, changes={"round": request.round + 1})
    _tell_matches(request, due, now)
    return True


@verb
def start(*, request: ServiceRequest, institution: Institution, by, version: int | None = None) -> ServiceRequest:
    """The institution that took the request has reached the tenant and begins."""
    _check_hand(institution, by)
    apply_move(
        MACHINE,
        request,
        "start",
        by=by,
        may=access.may_make,
        acting_for=institution.organisation,
        guard=lambda locked: _only_its_own(locked, institution),
        version=version,
    )
    letters.started(request, institution)
    return request


@verb
def deliver(
    *, request: ServiceRequest, institution: Institution, by, outcome: str, note: str = "", version: int | None = None
) -> ServiceRequest:
    """The institution has delivered, and says what came of it; the tenant confirms or says otherwise."""
    if outcome not in ServiceRequest.Outcome.values:
        raise GuardFailed(_("Say what came of it."))
    _check_hand(institution, by)
    apply_move(
        MACHINE,
        request,
        "deliver",
        by=by,
        may=access.may_make,
        acting_for=institution.organisation,
        guard=lambda locked: _only_its_own(locked, institution),
        reason_code=outcome,
        note=note,
        changes={"outcome": outcome},
        version=version,
    )
    letters.delivered(request, institution, note)
    return request


@verb
def close(*, request: ServiceRequest, by=None, note: str = "", version: int | None = None) -> ServiceRequest:
    """The tenant closes what was delivered; the portal does after fourteen days without a word."""
    apply_move(MACHINE, request, "close", by=by, may=access.may_make, note=note, version=version)
    letters.closed(request)
    return request


@verb
def share(*, request: ServiceRequest, by, contact: bool, version: int | None = None) -> ServiceRequest:
    """The tenant lets the institution see how to reach it, or no longer. It holds from this moment on."""
    apply_move(
        MACHINE, request, "share", by=by, may=access.may_make, changes={"share_contact": contact}, version=version
    )
    return request


@verb
def cancel(*, request: ServiceRequest, by, note: str = "", version: int | None = None) -> ServiceRequest:
    """The tenant, or an officer for it, takes the request back. Those who were asked hear of it."""
    apply_move(MACHINE, request, "cancel", by=by, may=access.may_make, note=note, version=version)
    letters.cancelled(request, _release(request))
    return request


@verb
def expire(*, request: ServiceRequest) -> ServiceRequest:
    """The portal ends a request about which nobody has said a word for a long time."""
    apply_move(MACHINE, request, "expire", by=None, may=access.may_make)
    letters.expired(request, _release(request))
    return request


# --- Parts of verbs ---------------------------------------------------------------------------------------------------
def _next_ref() -> str:
    """Return the next number of this year. Whoever asks at the same moment waits for us to commit."""
    year = beijing_day(timezone.now()).year
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('intermediaries.ref'))")
        cursor.execute(
            "SELECT coalesce(max(split_part(ref, '-', 3)::int), 0) + 1 FROM intermediaries_servicerequest"
            " WHERE ref LIKE %s",
            [f"S-{year}-%"],
        )
        (number,) = cursor.fetchone()
    return f"S-{year}-{number:04}"


def _match(
    request: ServiceRequest, ranking: matching.Ranking, recipients, *, by, version: int | None = None, need: str = ""
) -> None:
    """Ask the chosen institutions and keep everybody who was weighed. Who had been asked before is not asked again."""
    asked_before = set(request.matches.told().values_list("institution", flat=True))
    ranking.fitting = [each for each in ranking.fitting if each.institution.pk not in asked_before]
    ranking.left_out = [each for each in ranking.left_out if each.institution.pk not in asked_before]
    if not ranking.fitting:
        raise NobodyFits(_("No institution fits this request now."))
    chosen = list(dict.fromkeys(recipients)) if recipients is not None else matching.default_choice(ranking)
    fitting = {candidate.institution.pk for candidate in ranking.fitting}
    if not 1 <= len(chosen) <= matching.ASKED_AT_ONCE:
        raise ChoiceRefused(_("Choose one to three institutions."))
    if not fitting.issuperset(chosen):
        raise ChoiceRefused(_("One of the institutions you chose no longer fits. Look at the list again."))
    changes = {"round": request.round + 1, "need": need or request.need}
    log = apply_move(MACHINE, request, "match", by=by, may=access.may_make, changes=changes, version=version)
    request.matches.filter(told_at=None).delete()
    kept = matching.keep(request, ranking, chosen, log.at)
    letters.offered(request, [match.institution for match in kept if match.reply == Reply.WAITING])


def _check_hand(institution: Institution, by) -> None:
    """Refuse a person who does not act for the institution in whose name the act is made."""
    if not may_act_for(by, institution.organisation):
        raise NotYours


def _waiting(request: ServiceRequest, institution: Institution) -> Match:
    """Return the match of an institution that was asked and has not replied; refuse any other."""
    match = request.matches.select_related("offer").filter(institution=institution, reply=Reply.WAITING).first()
    if match is None:
        raise GuardFailed(_("You have replied to this request already, or it went to another."), code="replied")
    return match


def _only_its_own(request: ServiceRequest, institution: Institution) -> None:
    if not request.matches.filter(institution=institution, reply=Reply.TAKEN).exists():
        raise GuardFailed(_("Another institution has taken this request."), code="not-taken-by-you")


def _next_in_reserve(request: ServiceRequest, now: dt.datetime) -> list[Match]:
    """Return the next matches in reserve whose institution still may offer the service today."""
    in_reserve = request.matches.filter(
        reply=Reply.RESERVE, institution__listed=True, offer__in=Offer.objects.open_on(beijing_day(now))
    )
    return list(in_reserve.select_related("institution").order_by("rank", "pk")[: matching.ASKED_AT_ONCE])


def _tell_matches(request: ServiceRequest, matches: list[Match], now: dt.datetime) -> None:
    Match.objects.filter(pk__in=[match.pk for match in matches]).update(reply=Reply.WAITING, told_at=now)
    letters.offered(request, [match.institution for match in matches])


def _go_on(request: ServiceRequest) -> None:
    """Everybody declined: ask the next ones, or hand the request to an officer."""
    if widen(request=request):
        return
    apply_move(MACHINE, request, "give_back", by=None, may=access.may_make)
    letters.nobody_left(request)


def _release(request: ServiceRequest) -> list[Institution]:
    """Let go of everybody who was asked; return who had not declined, for they have to hear of it."""
    held = request.matches.filter(reply__in=[Reply.WAITING, Reply.TAKEN]).select_related("institution")
    institutions = [match.institution for match in held]
    request.matches.filter(reply=Reply.WAITING).update(reply=Reply.PASSED)
    return institutions
