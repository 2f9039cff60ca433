"""Institutions that may serve, and requests of tenants: valid as they come."""

from itertools import count

from park.organisations.models import Kind
from services.intermediaries import actions, licences
from services.intermediaries.kinds import InstitutionType
from services.intermediaries.models import Institution, Licence, Match, Offer, ServiceRequest

from .facts import make_company
from .organisations import make_membership, make_organisation

number = count(1)
EVERY_STAGE = ["project_pre", "enterprise_pre", "startup", "growth", "accelerated"]


def make_institution(*offers: str, licensed: bool = True, **fields) -> Institution:
    """A bank that lends against IP in every stage and field, with the licence that each of its services needs."""
    nth = next(number)
    name = fields.pop("name", f"Institution {nth}")
    organisation = fields.pop("organisation", None) or make_organisation(
        kind=Kind.INSTITUTION,
        name=name,
        name_en=name,
        name_zh_hans=f"机构{nth}",
        slug=fields.pop("slug", f"inst-{nth}"),
    )
    standard = {"type": InstitutionType.BANK, "credit_code": f"91229900MA{nth:08}", "languages": ["zh", "en"]}
    institution = Institution.objects.create(organisation=organisation, **standard | fields)
    for code in offers or ["ip_pledge_loan"]:
        offer = make_offer(institution, code)
        if licensed and offer.licence_code and not institution.licences.filter(code=offer.licence_code).exists():
            make_licence(institution, code=offer.licence_code)
    return institution


def make_offer(institution: Institution, code: str = "ip_pledge_loan", **fields) -> Offer:
    words = code.replace("_", " ").capitalize()
    standard = {
        "name": words, "name_en": words, "name_zh_hans": f"服务 {code}", "stages": EVERY_STAGE, "working_days": 10,
        "licence_code": licences.needed(institution.type, code),
    }  # fmt: skip
    return Offer.objects.create(institution=institution, code=code, **standard | fields)


def make_licence(institution: Institution, **fields) -> Licence:
    """A licence without an end."""
    code = fields.get("code", "financial_permit")
    standard = {"code": code, "name": code, "name_en": code, "name_zh_hans": code, "number": f"DEMO-{next(number)}"}
    return Licence.objects.create(institution=institution, **standard | fields)


def make_member(institution: Institution, **fields):
    """A person who acts for the institution."""
    return make_membership(organisation=institution.organisation, **fields).user


def make_request(tenant=None, by=None, **fields) -> ServiceRequest:
    """A request for IP-pledge finance, sent by the tenant's owner through the verb."""
    tenant = tenant or make_company()
    by = by or make_membership(organisation=tenant.organisation).user
    standard = {"need": "ip_pledge_finance", "text": "Two granted patents, and a first order from a hospital."}
    return actions.ask(tenant=tenant, by=by, **standard | fields)


def make_taken(institution: Institution, tenant=None, **fields) -> ServiceRequest:
    """A request that this institution has taken; any of its members did."""
    request = make_request(tenant, recipients=[institution.pk], **fields)
    actions.take(request=request, institution=institution, by=make_member(institution))
    return request


def match_of(request: ServiceRequest, institution: Institution) -> Match:
    return request.matches.get(institution=institution)
