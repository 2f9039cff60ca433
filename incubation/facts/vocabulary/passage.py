"""What gates ask besides: how far a project and its company have come."""

from django.utils.translation import gettext_lazy as _

from incubation.facts.vocabulary.kinds import GROWS, count, flag, money
from incubation.facts.vocabulary.units import PEOPLE, PROBLEMS

PASSAGE = (
    count(
        "tenant.open_problems",
        _("Problems not solved yet"),
        _("How many problems that you raised are not solved yet?"),
        unit=PROBLEMS,
    ),
    count("project.team_size", _("People in the team"), _("How many people are in the team?"), unit=PEOPLE),
    flag(
        "project.plan_accepted",
        _("Business plan was accepted by a review meeting"),
        _("Did a review meeting accept the business plan?"),
    ),
    flag(
        "project.company_decided",
        _("Has decided to register a company"),
        _("Did the team decide to register a company?"),
    ),
    flag(
        "enterprise.seat_in_park",
        _("Seat and main site are in the park"),
        _("Are the registered seat and the main research or office site in the park?"),
    ),
    flag("enterprise.lease_signed", _("Lease is signed"), _("Is the lease signed?")),
    flag(
        "enterprise.agreement_signed", _("Incubation agreement is signed"), _("Is the incubation agreement signed?")
    ),
    flag(
        "enterprise.first_product",
        _("Has a first product or pilot"),
        _("Does the company have a first product or pilot?"),
    ),
    flag(
        "enterprise.first_customer",
        _("Has a first paying customer"),
        _("Does the company have a first paying customer?"),
    ),
    money(
        "enterprise.equity_total_cny",
        _("Angel and venture capital so far"),
        _("How much angel and venture capital did the company raise so far?"),
        change=GROWS,
    ),
    money(
        "enterprise.revenue_2y_cny",
        _("Revenue of the last two years together"),
        _("What was the revenue of the last two years together?"),
    ),
    flag(
        "enterprise.acquired_or_listed",
        _("Was merged, acquired or listed"),
        _("Was the company merged, acquired, or listed at home or abroad?"),
    ),
    flag(
        "enterprise.own_site",
        _("Has a site of its own outside the park"),
        _("Does the company have a site of its own outside the park?"),
    ),
)
