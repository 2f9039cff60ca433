"""What those who write an application together have confirmed, and what has to be confirmed before it is sent."""

import hashlib
import json

from .models import Application, CoApplicant, Signature, TeamAct, TeamInvitation
from .progress import Draft


def note(application: Application, by, kind: str, about: str = "") -> TeamAct:
    """Write down who did what on the applicant's side."""
    return TeamAct.objects.create(application=application, actor=by, kind=kind, about=about[:254])


def note_all(application: Application, by, kind: str, abouts: list[str]) -> None:
    """Write down at once several things of one kind that somebody did."""
    TeamAct.objects.bulk_create(
        TeamAct(application=application, actor=by, kind=kind, about=about[:254]) for about in abouts
    )


def digest_of(answers: dict) -> str:
    """Return the mark of one wording: the same answers and papers give the same, any change another."""
    text = json.dumps(answers, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def wording(draft: Draft) -> str:
    return digest_of(draft.snapshot())


def co_signers(application: Application) -> list[CoApplicant]:
    """Return the co-applicants whose confirmation is needed."""
    return list(application.co_applicants.current().filter(signs=True).select_related("user"))


def confirmations(application: Application, digest: str) -> dict[int, Signature]:
    """Return who confirmed this wording, by person."""
    found = Signature.objects.filter(application=application, digest=digest).select_related("user")
    return {signature.user_id: signature for signature in found}


def waiting_for(application: Application, digest: str) -> list[str]:
    """Return who has not confirmed this wording yet: co-applicants by name, invited ones by address."""
    done = confirmations(application, digest)
    names = [each.user.display_name for each in co_signers(application) if each.user_id not in done]
    return names + list(invited_to_sign(application))


def invited_to_sign(application: Application):
    """Return the addresses of those who were invited to confirm and have not joined yet."""
    return TeamInvitation.objects.open().filter(application=application, signs=True).values_list("email", flat=True)
