"""Which licence the law asks for before a service may be offered, with the source. Data, dated by its documents.

A service that is not named under its type needs the licence of the type (``""``: the law asks for none). What holds for
an offer is kept on its row, so that staff can correct it without a change here.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """A kind of licence: its name and the rule that asks for it."""

    label: str
    source: str


KINDS = {
    "financing_guarantee": Kind(
        _("Financing guarantee business licence"), "融资担保公司监督管理条例（国务院令第683号，2017-10-01）"
    ),
    "cpa_firm": Kind(_("CPA firm practice licence"), "会计师事务所执业许可和监督管理办法（财政部令第97号）"),
    "bookkeeping": Kind(_("Bookkeeping agency licence"), "代理记账管理办法（财政部令第98号）"),
    "appraisal_record": Kind(_("Asset appraisal agency filing"), "中华人民共和国资产评估法（2016-12-01）"),
    "property_exchange": Kind(
        _("Approval as property rights exchange"), "企业国有资产交易监督管理办法（国资委、财政部令第32号）"
    ),
    "law_firm": Kind(_("Law firm practice licence"), "中华人民共和国律师法"),
    "patent_agency": Kind(_("Patent agency practice licence"), "专利代理条例（国务院令第706号）"),
    "trademark_agency": Kind(_("Trademark agency record"), "商标代理监督管理规定"),
    "hr_service": Kind(_("Human resources service licence"), "人力资源市场暂行条例（国务院令第700号）"),
    "labour_dispatch": Kind(_("Labour dispatch licence"), "劳务派遣行政许可实施办法"),
    "cma": Kind(_("CMA testing qualification"), "检验检测机构资质认定管理办法"),
    "cnas": Kind(_("CNAS accreditation"), ""),
    "financial_permit": Kind(_("Financial permit"), "中华人民共和国商业银行法"),
    "amac_manager": Kind(_("Private fund manager registration (AMAC)"), "私募投资基金监督管理条例（国务院令第762号）"),
    "insurance_broker": Kind(_("Insurance intermediary licence"), "保险经纪人监管规定"),
    "tax_agent": Kind(_("Tax agent firm registration"), "税务师事务所行政登记规程（试行）"),
    "notary": Kind(_("Notary institution licence"), "中华人民共和国公证法"),
    "visa_agent": Kind(_("Record as work-permit service agent"), "外国人来华工作许可服务指南（暂行）"),
    "glp": Kind(_("GLP certificate"), "药物非临床研究质量管理规范"),
    "drug_cmo": Kind(_("Drug production licence for contract making"), "中华人民共和国药品管理法"),
    "mlps_lab": Kind(_("Listed MLPS assessor"), "网络安全等级保护测评机构管理办法"),
    "customs_broker": Kind(_("Customs declarant record"), "中华人民共和国海关报关单位备案管理规定"),
}

# By institution type: the licence of the type, and the services that need another one, or none.
NEEDED = {
    "guarantee_company": ("financing_guarantee", {"bid_guarantee": "", "non_financing_guarantee": ""}),
    "accounting_firm": ("cpa_firm", {}),
    "bookkeeping_agency": ("bookkeeping", {"registration_agent": ""}),
    "asset_appraisal": ("appraisal_record", {}),
    "property_rights_exchange": ("property_exchange", {"contract_registration": ""}),
    "law_firm": ("law_firm", {}),
    "patent_agency": ("patent_agency", {"software_copyright": "", "trademark_filing": "trademark_agency"}),
    "hr_agency": ("hr_service", {"labour_dispatch": "labour_dispatch"}),
    "testing_lab": ("cma", {}),
    "bank": ("financial_permit", {}),
    "vc_pe": ("amac_manager", {"pitch_clinic": ""}),
    "insurance_broker": ("insurance_broker", {}),
    "tax_agent": ("tax_agent", {"hnte_coaching": ""}),
    "technology_transfer": ("", {}),
    "incubation_consultant": ("", {}),
    "translation_notary": ("notary", {"certified_translation": ""}),
    "immigration_service": ("visa_agent", {}),
    "cro_cdmo": ("glp", {"pilot_batch": "drug_cmo"}),
    "cyber_lab": ("mlps_lab", {}),
    "logistics_customs": ("customs_broker", {}),
}


def needed(institution_type: str, offer_code: str = "") -> str:
    """Return the licence that a service of this type of institution needs; empty where the law asks for none."""
    of_the_type, exceptions = NEEDED.get(institution_type, ("", {}))
    return exceptions.get(offer_code, of_the_type)


def needed_for(institution_type: str, offer_codes) -> str:
    """Return the licence that the first of these services needs which the type treats apart, else that of the type."""
    of_the_type, exceptions = NEEDED.get(institution_type, ("", {}))
    return next((exceptions[code] for code in offer_codes if code in exceptions), of_the_type)


def label(code: str) -> str:
    """Return the name of a kind of licence; a kind that is not in the table speaks for itself."""
    return str(KINDS[code].label) if code in KINDS else code


def choices() -> list[tuple[str, str]]:
    return [(code, kind.label) for code, kind in KINDS.items()]
