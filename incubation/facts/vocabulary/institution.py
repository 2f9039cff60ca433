"""Facts about an institution, for the policies that address institutions."""

from django.utils.translation import gettext_lazy as _

from incubation.facts.vocabulary.choices import CITIES, ZONES
from incubation.facts.vocabulary.kinds import NO, choice, flag, money
from park.rules.vocabulary import Choice

INSTITUTION = (
    choice(
        "institution.type",
        _("Kind of institution"),
        _("What kind of institution is it?"),
        choices=(
            Choice("bank", _("Bank")),
            Choice("guarantee_company", _("Guarantee company")),
            Choice("leasing", _("Leasing company")),
            Choice("factoring", _("Factoring company")),
            Choice("fund_manager", _("Fund manager")),
            Choice("fund", _("Fund")),
            Choice("asset_management", _("Asset management company")),
            Choice("fintech", _("Fintech company")),
            Choice("other", _("Another kind")),
        ),
        change=NO,
    ),
    choice("institution.city", _("City of the institution"), _("In which city is the institution?"), choices=CITIES),
    choice("institution.zone", _("Zone of the institution"), _("In which zone is the institution?"), choices=ZONES),
    flag("institution.is_head_office", _("Is a head office"), _("Is it a head office?"), change=NO),
    flag(
        "institution.joint_built_with_city",
        _("Built together with the city"),
        _("Was it built by a county, district or zone together with the city?"),
    ),
    money(
        "institution.paid_in_capital_cny",
        _("Paid-in capital of the institution"),
        _("How much capital of the institution is paid in?"),
    ),
    choice(
        "institution.platform",
        _("Platform of the institution"),
        _("Which platform does the institution run?"),
        choices=(
            Choice("key_laboratory", _("Key laboratory")),
            Choice("national_technology_innovation_centre", _("National technology innovation centre")),
            Choice("other", _("Another platform")),
            Choice("none", _("No platform")),
        ),
    ),
    choice(
        "institution.services",
        _("Main service of the institution"),
        _("What is the main service of the institution?"),
        choices=(
            Choice("technology_trade", _("Technology trade")),
            Choice("consulting", _("Consulting")),
            Choice("finance_matching", _("Finance matching")),
            Choice("ip", _("Intellectual property")),
            Choice("other", _("Another service")),
        ),
    ),
)
