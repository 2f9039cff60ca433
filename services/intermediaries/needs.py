"""What a tenant may need, in a tenant's words, and which services and kinds of institution answer it. Data."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Need:
    """A need that can be asked for. ``simple``: institutions are matched at once; else an officer looks first."""

    code: str
    label: str
    group: str
    offers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    simple: bool = True
    money: bool = False  # an amount belongs to it
    notice: str = ""  # what everybody who asks has to know


MONEY, BOOKS, RIGHTS, PEOPLE, WORKS = (
    _("Money"),
    _("Accounts and tax"),
    _("Intellectual property"),
    _("Law, people and papers"),
    _("Testing, making and moving"),
)

NEEDS = (
    Need(
        "ip_pledge_finance", _("Finance against intellectual property"), MONEY, money=True,
        offers=("ip_pledge_loan", "tech_loan_guarantee", "loan_guarantee", "ip_counter_guarantee"),
        types=("bank", "guarantee_company"),
    ),
    Need(
        "loan_guarantee", _("Guarantee for a loan"), MONEY, money=True,
        offers=("loan_guarantee", "tech_loan_guarantee"), types=("guarantee_company",),
    ),
    Need("startup_loan", _("Start-up loan"), MONEY, money=True, offers=("startup_loan",), types=("bank",)),
    Need(
        "bid_guarantee", _("Bid or performance guarantee"), MONEY, money=True,
        offers=("bid_guarantee", "non_financing_guarantee"), types=("guarantee_company",),
    ),
    Need(
        "equity_finance", _("Equity investment"), MONEY, money=True, simple=False,
        offers=("seed_equity", "growth_equity"), types=("vc_pe",),
    ),
    Need(
        "equity_pledge", _("Equity custody and pledge"), MONEY, money=True,
        offers=("equity_custody",), types=("property_rights_exchange",),
    ),
    Need("bank_account", _("Bank account and foreign exchange"), MONEY, offers=("account_fx",), types=("bank",)),
    Need(
        "insurance", _("Insurance of patents, research and trials"), MONEY,
        offers=("ip_insurance", "rd_liability"), types=("insurance_broker",),
    ),
    Need("pitch", _("Advice on your pitch"), MONEY, offers=("pitch_clinic",)),
    Need(
        "audit", _("Audit"), BOOKS,
        offers=("annual_audit", "project_fund_audit", "ipo_audit"), types=("accounting_firm",),
    ),
    Need(
        "hnte_audit", _("Special audit for high-tech enterprises"), BOOKS,
        offers=("hnte_special_audit",), types=("accounting_firm",),
    ),
    Need(
        "capital_verification", _("Capital verification"), BOOKS,
        offers=("capital_verification",), types=("accounting_firm",),
    ),
    Need(
        "bookkeeping", _("Bookkeeping and tax filing"), BOOKS,
        offers=("monthly_books", "rd_ledger"), types=("bookkeeping_agency",),
    ),
    Need("payroll", _("Payroll and social insurance"), BOOKS, offers=("payroll_iit", "payroll_social")),
    Need("company_registration", _("Registering a company"), BOOKS, offers=("registration_agent",)),
    Need("tax", _("Tax relief for research"), BOOKS, offers=("rd_deduction",), types=("tax_agent",)),
    Need(
        "valuation", _("Valuation"), RIGHTS,
        offers=("ip_appraisal", "equity_appraisal", "equipment_appraisal"), types=("asset_appraisal",),
    ),
    Need(
        "patent", _("Patents"), RIGHTS,
        offers=("invention_filing", "pct_filing", "fto"), types=("patent_agency",),
    ),
    Need("trademark", _("Trade marks"), RIGHTS, offers=("trademark_filing",)),
    Need(
        "software_copyright", _("Software copyright"), RIGHTS,
        offers=("software_copyright",), types=("patent_agency",),
    ),
    Need(
        "patent_pledge", _("Registering a patent pledge"), RIGHTS,
        offers=("patent_pledge",), types=("patent_agency",),
    ),
    Need(
        "technology_deal", _("Selling, licensing or finding technology"), RIGHTS,
        offers=("technology_listing", "auction", "contract_registration", "need_matching"),
        types=("property_rights_exchange", "technology_transfer"),
    ),
    Need("novelty_search", _("Novelty search"), RIGHTS, offers=("novelty_search",)),
    Need(
        "legal", _("Legal advice"), PEOPLE,
        offers=("startup_pack", "financing_round", "retainer", "labour"), types=("law_firm",),
    ),
    Need(
        "recruitment", _("Recruitment"), PEOPLE,
        offers=("executive_search", "overseas_recruit"), types=("hr_agency",),
    ),
    Need(
        "labour_dispatch", _("Dispatched staff"), PEOPLE,
        offers=("labour_dispatch",), types=("hr_agency",),
    ),
    Need(
        "work_permit", _("Work and residence papers"), PEOPLE,
        offers=("work_permit_file", "pr_file", "immigration"), types=("immigration_service",),
    ),
    Need(
        "translation", _("Certified translation and notary"), PEOPLE,
        offers=("certified_translation", "notary_apostille"), types=("translation_notary",),
    ),
    Need(
        "filing_help", _("Help with files for recognitions"), PEOPLE,
        offers=("srdi_coaching", "hnte_coaching"), types=("incubation_consultant",),
        notice=_("The authorities appoint no agents and charge nothing. You can hand in every file yourself."),
    ),
    Need(
        "testing", _("Testing and calibration"), WORKS,
        offers=("optical_test", "reliability", "device_type_test"), types=("testing_lab",),
    ),
    Need(
        "contract_research", _("Contract research and pilot batches"), WORKS, simple=False,
        offers=("preclinical", "pilot_batch"), types=("cro_cdmo",),
    ),
    Need("cyber_security", _("Cyber-security assessment"), WORKS, offers=("mlps_assessment",), types=("cyber_lab",)),
    Need("customs", _("Import and customs"), WORKS, offers=("rd_import",), types=("logistics_customs",)),
    Need("other", _("Something else"), _("Something else"), simple=False),
)
BY_CODE = {need.code: need for need in NEEDS}


def find(code: str) -> Need | None:
    return BY_CODE.get(code)


def label(code: str) -> str:
    return str(BY_CODE[code].label) if code in BY_CODE else code


def choices() -> list:
    """Return the needs as the choices of a form, by group."""
    groups: dict[str, list] = {}
    for need in NEEDS:
        groups.setdefault(need.group, []).append((need.code, need.label))
    return [(group, entries) if len(entries) > 1 else entries[0] for group, entries in groups.items()]


def needs_of(offer_codes) -> list[Need]:
    """Return the needs that any of these services answers, in the order of the catalogue."""
    offered = set(offer_codes)
    return [need for need in NEEDS if offered & set(need.offers)]
