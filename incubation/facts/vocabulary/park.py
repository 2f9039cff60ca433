"""Facts about the park as an incubator, for the policies that address parks."""

from django.utils.translation import gettext_lazy as _

from incubation.facts.vocabulary.kinds import GROWS, NO, choice, count, flag, measure, money, share
from incubation.facts.vocabulary.units import (
    CHANNELS,
    COMPANIES,
    OF_AREA,
    OF_INCOME,
    OF_STAFF,
    OF_TENANTS,
    PEOPLE,
    PER_1000,
    SQUARE_METRES,
    YEARS,
)
from park.rules.vocabulary import Choice

PARK = (
    flag("park.legal_person", _("The operator is a legal person"), _("Is the operator of the park a legal person?")),
    measure(
        "park.operating_years",
        _("Time in operation"),
        _("For how many years has the park been in operation?"),
        unit=YEARS,
        change=GROWS,
    ),
    choice(
        "park.incubator_grade",
        _("Grade of the incubator"),
        _("Which grade does the incubator hold?"),
        choices=(
            Choice("national", _("National")),
            Choice("provincial", _("Provincial")),
            Choice("municipal", _("Municipal")),
            Choice("none", _("No grade")),
        ),
    ),
    measure(
        "park.area_m2",
        _("Area for incubation"),
        _("How many square metres does the park offer for incubation?"),
        unit=SQUARE_METRES,
    ),
    share(
        "park.incubatee_area_ratio",
        _("Area used by incubated companies"),
        _("What share of the area do incubated companies use?"),
        unit=OF_AREA,
    ),
    measure(
        "park.service_area_m2",
        _("Area for shared services"),
        _("How many square metres serve all tenants?"),
        unit=SQUARE_METRES,
    ),
    flag(
        "park.space_for_incubatees",
        _("Has space set aside for incubated companies"),
        _("Does the park set space aside for incubated companies?"),
    ),
    count("park.incubatees", _("Incubated companies"), _("How many companies are being incubated?"), unit=COMPANIES),
    measure(
        "park.incubatees_per_1000m2",
        _("Incubated companies by area"),
        _("How many companies are incubated per 1,000 m²?"),
        unit=PER_1000,
    ),
    count(
        "park.graduates_total",
        _("Companies graduated so far"),
        _("How many companies have graduated so far?"),
        unit=COMPANIES,
        change=GROWS,
    ),
    money("park.incubation_fund_cny", _("Incubation fund"), _("How large is the park's incubation fund?")),
    share(
        "park.incubatees_financed_share",
        _("Incubated companies that raised money"),
        _("What share of the incubated companies raised money?"),
        unit=OF_TENANTS,
    ),
    share(
        "park.incubatees_invested_by_own_fund_share",
        _("Incubated companies that the park's own fund invested in"),
        _("In what share of the incubated companies did the park's own fund invest?"),
        unit=OF_TENANTS,
    ),
    share(
        "park.fast_growing_share",
        _("Incubated companies that grow fast"),
        _("In what share of the incubated companies did revenue or R&D grow by more than 20 per cent?"),
        unit=OF_TENANTS,
        change=NO,
    ),
    share(
        "park.patent_apply_share",
        _("Incubated companies that applied for patents"),
        _("What share of the incubated companies applied for patents?"),
        unit=OF_TENANTS,
    ),
    share(
        "park.ip_share",
        _("Incubated companies that hold IP rights"),
        _("What share of the incubated companies hold IP rights?"),
        unit=OF_TENANTS,
    ),
    share(
        "park.service_income_share",
        _("Income from services"),
        _("What share of the park's income is neither rent nor property management?"),
        unit=OF_INCOME,
        change=NO,
    ),
    count("park.dedicated_staff", _("Dedicated staff"), _("How many people work for the park full time?"), unit=PEOPLE),
    share(
        "park.professional_staff_ratio",
        _("Trained incubation staff"),
        _("What share of the staff is trained in incubation?"),
        unit=OF_STAFF,
    ),
    count(
        "park.overseas_channels",
        _("Channels to talents abroad"),
        _("How many channels does the park have to talents abroad?"),
        unit=CHANNELS,
    ),
)
