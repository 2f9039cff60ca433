"""Papers that a policy asks for and that may be on file already."""

import re
from dataclasses import dataclass

from django.utils import timezone

from park.files.models import Document, DocumentState
from park.workflow.calendar import beijing_day

# What a policy calls a paper, and the kind under which people keep it. The first that fits counts.
KINDS = (
    (r"business licence|营业执照", "business_licence"),
    (r"articles of association|章程", "articles"),
    (r"audit|accounts|financial statement|审计|财务报", "financial_statement"),
    (r"tax|税", "tax_certificate"),
    (r"\bIP\b|patent|trademark|知识产权|专利|商标", "patent_certificate"),
    (r"degree|学位|学历", "degree_certificate"),
    (r"passport|\bID card|身份证|护照", "passport"),
    (r"business plan|商业计划", "business_plan"),
    (r"bank|银行|账户", "bank_details"),
    (r"employment|work contract|劳动合同", "employment_proof"),
)
OTHER = "other"
# Papers of a person: offered on the page of the paper, and never put with a claim before somebody chose them.
PERSONAL = ("passport", "degree_certificate", "bank_details")


def kind_of(words: dict) -> str:
    """Return the kind under which a paper asked for in these words is kept."""
    text = f"{words.get('en') or ''} {words.get('zh') or ''}"
    return next((kind for pattern, kind in KINDS if re.search(pattern, text, re.IGNORECASE)), OTHER)


@dataclass(frozen=True)
class OnFile:
    """A document on file, with how old it is."""

    document: Document
    days: int


def usable(user):
    """Return a person's papers that can go with a claim: in their newest version, scanned, and still valid."""
    today = beijing_day(timezone.now())
    found = Document.objects.in_vault().filter(owner=user, state=DocumentState.AVAILABLE)
    return found.exclude(valid_until__lt=today).order_by("-uploaded_at")


def suggested(user, asked: list[dict]) -> dict[int, Document]:
    """Return for each place of a list of papers the newest document on file of its kind, unless it is personal."""
    kinds = {place: kind_of(words) for place, words in enumerate(asked)}
    newest: dict[str, Document] = {}
    for document in usable(user).filter(kind__in=set(kinds.values()) - {OTHER, *PERSONAL}):
        newest.setdefault(document.kind, document)
    return {place: newest[kind] for place, kind in kinds.items() if kind in newest}


def choices(user, words: dict) -> list[OnFile]:
    """Return what a person could reuse for a paper: those of its kind first, then the others."""
    wanted, today = kind_of(words), timezone.now()
    papers = sorted(usable(user), key=lambda document: document.kind != wanted)
    return [OnFile(document, (today - document.uploaded_at).days) for document in papers]
