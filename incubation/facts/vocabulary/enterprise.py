"""What the tenant's company is, holds and does."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from incubation.facts.vocabulary.choices import CITIES, PROVINCES, SECTORS, STAGES, ZONES
from incubation.facts.vocabulary.kinds import GROWS, NO, choice, count, flag, measure
from incubation.facts.vocabulary.units import DAYS, LEASE_YEAR, MONTHS, RIGHTS, SQUARE_METRES
from park.rules.vocabulary import Choice

ENTERPRISE = (
    choice(
        "enterprise.registered_country",
        _("Country of registration"),
        _("Where is the company registered?"),
        choices=(
            Choice("CN", _("Mainland China")),
            Choice("other", _("Outside mainland China")),
        ),
        change=NO,
    ),
    choice(
        "enterprise.province",
        _("Province of the company"),
        _("In which province is the company registered?"),
        choices=PROVINCES,
    ),
    choice("enterprise.city", _("City of the company"), _("In which city is the company registered?"), choices=CITIES),
    choice(
        "enterprise.zone",
        _("Zone of the company"),
        _("In which zone is the company registered, at work and taxed?"),
        choices=ZONES,
    ),
    choice(
        "enterprise.tax_city",
        _("City where taxes are paid"),
        _("In which city does the company pay its taxes?"),
        choices=CITIES,
    ),
    flag(
        "enterprise.is_new_in_zone",
        _("Newly settled in the zone"),
        _("Did the company settle in the zone recently?"),
        change=NO,
    ),
    flag("enterprise.legal_person", _("Registered as a company"), _("Is the company registered as a legal person?")),
    count(
        "enterprise.age_days",
        _("Time since registration"),
        _("How many days ago was the company registered?"),
        unit=DAYS,
        change=GROWS,
    ),
    count(
        "enterprise.age_months",
        _("Age of the company"),
        _("How many months ago was the company registered?"),
        unit=MONTHS,
        change=GROWS,
    ),
    choice("enterprise.stage", _("Stage of the company"), _("Which stage is the company in?"), choices=STAGES),
    choice(
        "enterprise.sector",
        _("Industry of the company"),
        _("In which industry does the company work?"),
        choices=SECTORS,
        change=NO,
    ),
    choice(
        "enterprise.sector_section",
        _("Section of the national industry classification"),
        _("Which section of the national industry classification stands on the licence?"),
        choices=(
            Choice("A", _("Agriculture")),
            Choice("C", _("Manufacturing")),
            Choice("I", _("Information and software")),
            Choice("M", _("Research and technical services")),
            Choice("other", _("Another section")),
        ),
        change=NO,
    ),
    choice(
        "enterprise.hightech_field",
        _("State-supported high-tech field"),
        _("In which state-supported high-tech field is the company's core technology?"),
        choices=(
            Choice("electronic_information", _("Electronic information")),
            Choice("biology_medicine", _("Biology and new medicine")),
            Choice("aerospace", _("Aerospace")),
            Choice("new_materials", _("New materials")),
            Choice("hightech_services", _("High-tech services")),
            Choice("new_energy", _("New energy and energy saving")),
            Choice("resources_environment", _("Resources and environment")),
            Choice("advanced_manufacturing", _("Advanced manufacturing and automation")),
            Choice("none", _("None of these")),
        ),
        change=NO,
    ),
    flag(
        "enterprise.excluded_industry",
        _("Works in an excluded industry"),
        _("Is it in tobacco, hotels, catering, trade, real estate, leasing, business services or entertainment?"),
        negative=_("Does not work in an excluded industry"),
        change=NO,
    ),
    flag(
        "enterprise.restricted_sector",
        _("Works in a restricted or prohibited sector"),
        _("Does the company make anything on the state's list of restricted or prohibited items?"),
        negative=_("Does not work in a restricted or prohibited sector"),
        change=NO,
    ),
    flag("enterprise.sound_accounts", _("Sound accounts"), _("Are the company's books kept as the law asks?")),
    flag(
        "enterprise.overseas_chinese_invested",
        _("Overseas Chinese have invested in it"),
        _("Have overseas Chinese invested in the company?"),
    ),
    flag(
        "enterprise.has_rd_institution",
        _("Runs an R&D unit of its own or with others"),
        _("Does the company run an R&D unit, alone or with others?"),
    ),
    flag(
        "enterprise.has_provincial_rd_institution",
        _("Has an R&D unit recognised by the province or higher"),
        _("Does the company have an R&D unit recognised by the province or higher?"),
    ),
    flag(
        "enterprise.has_national_or_provincial_platform",
        _("Has a national or provincial innovation platform"),
        _("Does the company have a national or provincial innovation platform?"),
    ),
    flag(
        "enterprise.has_new_national_platform",
        _("Has a newly approved national platform"),
        _("Was a national platform newly approved for the company?"),
    ),
    flag(
        "enterprise.core_ip_owned",
        _("Owns the core IP of its main product"),
        _("Does the company own the core IP of its main product?"),
    ),
    count(
        "enterprise.ip_total",
        _("IP rights held"),
        _("How many IP rights does the company hold?"),
        unit=RIGHTS,
        change=GROWS,
    ),
    count(
        "enterprise.ip_class1",
        _("Class I IP rights held"),
        _("How many Class I IP rights (invention patents, new drugs, chip layouts and so on) does the company hold?"),
        unit=RIGHTS,
        change=GROWS,
    ),
    count(
        "enterprise.invention_patents",
        _("Invention patents held"),
        _("How many invention patents does the company hold?"),
        unit=RIGHTS,
        change=GROWS,
    ),
    flag("enterprise.has_drug_approval", _("Has a drug approval"), _("Does the company hold a drug approval?")),
    flag(
        "enterprise.technology_contract_registered",
        _("Technology contract is registered"),
        _("Is the technology contract registered?"),
    ),
    flag(
        "enterprise.is_high_tech",
        _("Recognised as a high-tech enterprise"),
        _("Is the company recognised as a high-tech enterprise?"),
    ),
    flag(
        "enterprise.is_tech_sme",
        _("Registered as a technology-based SME"),
        _("Is the company registered as a technology-based SME?"),
    ),
    flag(
        "enterprise.is_sme",
        _("Is a small or medium company"),
        _("Is the company small or medium by the national standard?"),
        change=NO,
    ),
    flag(
        "enterprise.is_small_micro",
        _("Is a small or micro company"),
        _("Is the company small or micro by the national standard?"),
        change=NO,
    ),
    flag(
        "enterprise.is_top_team_project",
        _("Was founded by a top team that the zone brought in"),
        _("Was the company founded by a top team that the zone brought in?"),
        change=NO,
    ),
    choice(
        "enterprise.ladder",
        _("Highest growth title"),
        _("What is the highest growth title the company holds?"),
        choices=(
            Choice("none", _("No title")),
            Choice("tech_sme", _("Technology-based SME")),
            Choice("innovative_sme", _("Innovative SME")),
            Choice("hnte", _("High-tech enterprise")),
            Choice("srdi_sme", _("SRDI SME")),
            Choice("little_giant", _("Little giant")),
            Choice("champion", _("Single-field champion")),
        ),
    ),
    flag(
        "enterprise.above_scale_first_time",
        _("First year above the size that official statistics count"),
        _("Did the company pass the size that official statistics count for the first time?"),
        change=NO,
    ),
    flag(
        "enterprise.milestone_first_time",
        _("Reached this revenue for the first time"),
        _("Did the company reach this revenue for the first time?"),
        change=NO,
    ),
    flag(
        "enterprise.incident_free_1y",
        _("No serious incident for a year"),
        _("Was the company free of serious safety, quality and environmental cases for a year?"),
        change=NO,
    ),
    flag(
        "enterprise.abnormal_list",
        _("On the list of abnormal operations"),
        _("Is the company on the list of abnormal operations?"),
        negative=_("Not on the list of abnormal operations"),
    ),
    flag(
        "enterprise.bad_credit",
        _("Has a bad credit record"),
        _("Does the company have a bad credit record?"),
        negative=_("No bad credit record"),
        change=NO,
    ),
    flag(
        "enterprise.data_authorised",
        _("Allows its data to be used"),
        _("Does the company allow its data to be used for this?"),
    ),
    flag(
        "enterprise.has_equity_incentive_plan",
        _("Has an equity incentive plan"),
        _("Does the company have an equity incentive plan for up to 30 per cent of its staff?"),
    ),
    choice(
        "enterprise.landlord_type",
        _("Kind of landlord"),
        _("Who is the company's landlord?"),
        choices=(
            Choice("state_platform_company", _("State platform company")),
            Choice("university", _("University or institute")),
            Choice("private", _("Private owner")),
            Choice("own", _("Own building")),
        ),
    ),
    count(
        "enterprise.lease_year",
        _("Year of the lease"),
        _("Which year of the lease is this?"),
        unit=LEASE_YEAR,
        change=GROWS,
        minimum=Decimal(1),
    ),
    measure(
        "enterprise.leased_area_m2",
        _("Leased area"),
        _("How many square metres does the company lease?"),
        unit=SQUARE_METRES,
    ),
)
