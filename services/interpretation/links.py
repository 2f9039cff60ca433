"""The link by which a department answers without an account: signed, for one question as it was asked, for some days.

It names the question and the version of its row. Whatever happened to it since (an answer, another question, a call
off) makes the link one that is over.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from park.accounts.actions import write_letter
from park.notices.letters import plain

from .models import Coordination
from .states import BEFORE_APPROVAL, CoordinationState

SALT = "interpretation.department-answers"
LASTS = dt.timedelta(days=14)
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to. ``over`` says in words why nothing can be answered by it any more."""

    coordination: Coordination
    over: str = ""


def token_of(coordination: Coordination) -> str:
    return signing.dumps([coordination.pk, coordination.version], salt=SALT, compress=False)


def opened(token: str) -> Opened | None:
    """Return the question a link speaks of; None for what was never a link of ours."""
    try:
        pk, version = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Coordination.objects.select_related("policy_version__policy", "department")
    found = rows.filter(pk=pk).first()
    if found is None:
        return None
    try:
        signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.SignatureExpired:
        return Opened(found, _("This link has run out. Write to us, and we send you another."))
    return Opened(found, over(found, version))


def over(found: Coordination, version: int) -> str:
    """Say why a question can no longer be answered by the link of this version; empty while it can."""
    if found.state == CoordinationState.ANSWERED:
        return _("This was answered already. Thank you.")
    if found.state != CoordinationState.ASKED or found.policy_version.state not in BEFORE_APPROVAL:
        return _("The park no longer waits for this answer.")
    return "" if found.version == version else _("The park has asked anew since: use the link of the newest mail.")


def write(coordination: Coordination) -> None:
    """Put the question into the post, with the link, Chinese first. Who has no address is asked by telephone."""
    department = coordination.department
    if not department.email or coordination.state != CoordinationState.ASKED:
        return
    token, subject, parts = token_of(coordination), "", []
    for language in LANGUAGES:
        with translation.override(language):
            version = coordination.policy_version
            subject = subject or _("A question of the park about “%(title)s”") % {"title": version.title}
            context = plain({
                "department": department.name, "title": version.title, "asked": coordination.asked,
                "days": str(LASTS.days),
            })  # fmt: skip
            context["url"] = settings.BASE_URL + reverse("interpretation:department", args=[token])
            parts.append(render_to_string("interpretation/department_letter.txt", context).strip())
    text = "\n\n".join(parts)
    html = render_to_string(
        "accounts/letter.html",
        {"subject": subject, "paragraphs": text.split("\n\n"), "code": "", "site_name": settings.SITE_NAME,
         "base_url": settings.BASE_URL},
    )  # fmt: skip
    write_letter(to=department.email, subject=subject, text=text + "\n", html=html, useful_for=LASTS)
