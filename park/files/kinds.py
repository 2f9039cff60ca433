"""What papers people give the park, by the words they know them by; and which of them tell the most about a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Family(models.TextChoices):
    """What is taken of a file: which types, and how large."""

    DOCUMENT = "document", _("paper")
    IMAGE = "image", _("picture")
    SHEET = "sheet", _("table")


KINDS = {
    "degree_certificate": _("Degree certificate"),
    "employment_proof": _("Proof of study or work abroad"),
    "cv": _("Curriculum vitae"),
    "business_plan": _("Business plan"),
    "pitch_deck": _("Presentation"),
    "patent_certificate": _("Patent or trademark certificate"),
    "ip_statement": _("Statement on intellectual property"),
    "business_licence": _("Business licence"),
    "articles": _("Articles of association"),
    "financial_statement": _("Financial statement"),
    "tax_certificate": _("Tax certificate"),
    "passport": _("Passport or identity card"),
    "residence_permit": _("Visa or residence permit"),
    "bank_details": _("Bank details"),
    "health_certificate": _("Health certificate"),
    "police_certificate": _("Certificate of no criminal record"),
    "family_document": _("Family document"),
    "other": _("Another document"),
}
SENSITIVE = {
    "passport", "residence_permit", "bank_details", "health_certificate", "police_certificate", "family_document",
}


def label(kind: str) -> str:
    """Return the words for a kind, also for one that a form of a room above made up."""
    return str(KINDS.get(kind) or kind.replace("_", " ").capitalize())
