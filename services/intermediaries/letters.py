"""What is told of a request and of a licence, and to whom. Each writes rows only; sending is the outbox's affair."""

import datetime as dt

from park.notices.actions import tell

from . import access
from .models import Institution, Licence, Match, ServiceRequest


def _about(request: ServiceRequest, institution: Institution | None = None, **more) -> dict:
    """Return what the letters about a request are written from: codes and names, no words of one language."""
    context = {
        "ref": request.ref,
        "need": request.need,
        "tenant": _names(request.tenant.organisation),
        "tenant_slug": request.tenant.organisation.slug,
    }
    if institution:
        context |= {"institution": _names(institution.organisation), "institution_slug": institution.organisation.slug}
    return context | more


def _names(organisation) -> dict[str, str]:
    return {
        "en": organisation.name_en or organisation.name_zh_hans,
        "zh-hans": organisation.name_zh_hans or organisation.name_en,
    }


def _tell_tenant(
    kind: str, request: ServiceRequest, institution: Institution | None = None, version: int = 1, **more
) -> None:
    tell(
        kind,
        recipients=access.askers(request),
        subject_id=request.pk,
        version=version,
        context=_about(request, institution, **more),
    )


def _tell_institutions(kind: str, request: ServiceRequest, institutions, version: int = 1, **more) -> None:
    for institution in institutions:
        tell(
            kind,
            recipients=access.people_of(institution.organisation_id),
            subject_id=request.pk,
            version=version,
            context=_about(request, institution, **more),
        )


def _tell_officers(kind: str, request: ServiceRequest, version: int) -> None:
    tell(kind, recipients=access.officers(), subject_id=request.pk, version=version, context=_about(request))


# --- The tenant's side ------------------------------------------------------------------------------------------------
def sent(request: ServiceRequest) -> None:
    _tell_tenant("request-sent", request)


def answered(request: ServiceRequest, note: str) -> None:
    _tell_tenant("request-answered", request, note=note)


def taken(request: ServiceRequest, institution: Institution) -> None:
    _tell_tenant("request-taken", request, institution, version=request.round)


def declined(request: ServiceRequest, institution: Institution, match: Match) -> None:
    _tell_tenant(
        "request-declined", request, institution, version=match.rank, code=match.decline_code, note=match.decline_reason
    )


def nobody_left(request: ServiceRequest) -> None:
    _tell_tenant("request-none", request, version=request.round)
    waiting_for_officer(request)


def started(request: ServiceRequest, institution: Institution) -> None:
    _tell_tenant("request-started", request, institution)


def delivered(request: ServiceRequest, institution: Institution, note: str) -> None:
    _tell_tenant("request-delivered", request, institution, outcome=request.outcome, note=note)


# --- The institution's side -------------------------------------------------------------------------------------------
def offered(request: ServiceRequest, institutions: list[Institution]) -> None:
    _tell_institutions("request-offered", request, institutions)


def reminded(request: ServiceRequest, institutions: list[Institution]) -> None:
    _tell_institutions("request-reminder", request, institutions, version=request.round)


def passed(request: ServiceRequest, institutions: list[Institution]) -> None:
    _tell_institutions("request-passed", request, institutions)


def closed(request: ServiceRequest) -> None:
    match = request.matches.filter(reply=Match.Reply.TAKEN).select_related("institution__organisation").first()
    if match:
        _tell_institutions("request-closed", request, [match.institution])


def cancelled(request: ServiceRequest, institutions: list[Institution]) -> None:
    _tell_institutions("request-cancelled", request, institutions)


def expired(request: ServiceRequest, institutions: list[Institution]) -> None:
    _tell_tenant("request-expired", request)
    cancelled(request, institutions)


# --- The park's side --------------------------------------------------------------------------------------------------
def waiting_for_officer(request: ServiceRequest) -> None:
    _tell_officers("request-triage", request, version=request.round + 1)


def late(request: ServiceRequest) -> None:
    _tell_officers("request-late", request, version=request.version)


# --- Licences ---------------------------------------------------------------------------------------------------------
def licence_ending(licence: Licence, days: int) -> None:
    """Tell the institution and the officers that a licence ends within so many days (0: it has ended)."""
    kind = "licence-ending" if days else "licence-ended"
    context = {
        "licence": {"en": licence.name_en, "zh-hans": licence.name_zh_hans},
        "ends_on": licence.expires_on.isoformat(),
        "institution": _names(licence.institution.organisation),
        "institution_slug": licence.institution.organisation.slug,
    }
    version = version_of(licence.expires_on, days)
    for people in (access.people_of(licence.institution.organisation_id), access.officers()):
        tell(kind, recipients=people, subject_id=licence.pk, version=version, context=context)


def version_of(ends_on: dt.date, days: int) -> int:
    """Return what tells one warning from the next: a licence that was renewed and ends again is told again."""
    return ends_on.toordinal() * 100 + days
