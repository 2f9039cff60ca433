"""The kinds of institution the park knows, and the languages they work in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InstitutionType(models.TextChoices):
    GUARANTEE = "guarantee_company", _("Guarantee company")
    ACCOUNTING = "accounting_firm", _("Accounting firm")
    BOOKKEEPING = "bookkeeping_agency", _("Bookkeeping agency")
    APPRAISAL = "asset_appraisal", _("Asset appraiser")
    EXCHANGE = "property_rights_exchange", _("Property-rights exchange")
    LAW = "law_firm", _("Law firm")
    PATENT = "patent_agency", _("Patent and trademark agency")
    HR = "hr_agency", _("Recruitment agency")
    TESTING = "testing_lab", _("Testing laboratory")
    BANK = "bank", _("Bank, technology branch")
    VENTURE = "vc_pe", _("Venture capital")
    INSURANCE = "insurance_broker", _("Insurance broker")
    TAX = "tax_agent", _("Tax agent")
    TRANSFER = "technology_transfer", _("Technology-transfer agency")
    CONSULTANT = "incubation_consultant", _("Project consultant")
    TRANSLATION = "translation_notary", _("Translation and notary")
    IMMIGRATION = "immigration_service", _("Immigration service")
    CDMO = "cro_cdmo", _("CRO and CDMO")
    CYBER = "cyber_lab", _("Cyber-security laboratory")
    LOGISTICS = "logistics_customs", _("Customs and logistics")


class Language(models.TextChoices):
    """Languages an institution may work in."""

    CHINESE = "zh", _("Chinese")
    ENGLISH = "en", _("English")
    JAPANESE = "ja", _("Japanese")
    KOREAN = "ko", _("Korean")
    RUSSIAN = "ru", _("Russian")
    GERMAN = "de", _("German")
    FRENCH = "fr", _("French")


# Who judges, and who relies on the judgement: two of one group may not do both for one tenant.
JUDGES = (InstitutionType.APPRAISAL, InstitutionType.ACCOUNTING, InstitutionType.TESTING)
RELIANT = (InstitutionType.GUARANTEE, InstitutionType.BANK, InstitutionType.VENTURE, InstitutionType.EXCHANGE)

ICONS = {
    InstitutionType.GUARANTEE: "hand",
    InstitutionType.ACCOUNTING: "calc",
    InstitutionType.BOOKKEEPING: "calc",
    InstitutionType.APPRAISAL: "stamp",
    InstitutionType.EXCHANGE: "scale",
    InstitutionType.LAW: "scale",
    InstitutionType.PATENT: "bulb",
    InstitutionType.HR: "users",
    InstitutionType.TESTING: "flask",
    InstitutionType.BANK: "bank",
    InstitutionType.VENTURE: "coin",
    InstitutionType.INSURANCE: "shield",
    InstitutionType.TAX: "calc",
    InstitutionType.TRANSFER: "link",
    InstitutionType.CONSULTANT: "doc",
    InstitutionType.TRANSLATION: "lang",
    InstitutionType.IMMIGRATION: "passport",
    InstitutionType.CDMO: "flask",
    InstitutionType.CYBER: "lock",
    InstitutionType.LOGISTICS: "case",
}
