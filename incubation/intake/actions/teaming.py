"""Writing together: inviting co-applicants, joining, leaving, and confirming what is sent."""

import datetime as dt
import hashlib
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from park.accounts import limits
from park.accounts.actions import write_letter
from park.accounts.models import User
from park.notices.letters import plain
from park.workflow.actions import GuardFailed, NotYours, verb

from .. import access, team
from ..models import Application, CoApplicant, Role, Signature, TaskLease, TeamAct, TeamInvitation
from ..progress import Draft
from ..states import LIVE
from ..telling import moment

SALT = "intake.team-invitation"
LARGEST = 12  # co-applicants and open invitations of one application


def locked(application: Application) -> Application:
    """Return the application, locked: who takes part changes under this lock only."""
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related("talent__user", "form")
    return rows.get(pk=application.pk)


def _led(application: Application, by) -> Application:
    """Return the application, locked, if this person may say who takes part in it."""
    record = locked(application)
    if not access.may_lead(by, record):
        raise NotYours
    if record.state not in LIVE:
        raise GuardFailed(_("The application is over. Who took part stays as it is."), code="over")
    return record


@verb
def invite(
    *, application: Application, by, email: str, role: str, signs: bool = False, until: dt.datetime | None = None
) -> TeamInvitation:
    """Invite somebody by mail to take part, for fourteen days. An earlier invitation to the address ends.

    ``signs``: nothing is sent before this person has confirmed it; ``until``: their part ends then. Raises MoveRefused.
    """
    record = _led(application, by)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise GuardFailed(_("Write the address like name@example.org."), code="no-address") from None
    known = User.objects.filter(email=email).first()
    if role not in Role.values:
        raise GuardFailed(_("Choose a role."), code="no-role")
    if known and known.pk in record.roles:
        raise GuardFailed(_("This person takes part already."), code="takes-part")
    if signs and not record.is_draft:
        raise GuardFailed(_("It is sent already; there is nothing left to confirm."), code="sent-already")
    if until and until <= timezone.now():
        raise GuardFailed(_("The day on which the part ends lies in the past."), code="past")
    if record.co_applicants.current().count() + record.invitations.open().count() >= LARGEST:
        raise GuardFailed(_("At most %(count)s people write an application together.") % {"count": LARGEST}, "full")
    if limits.spend("team-invitation", by):
        raise GuardFailed(_("You invited very many people within an hour. Go on a little later."), code="too-often")
    now, key = timezone.now(), secrets.token_urlsafe(24)
    record.invitations.waiting().filter(email=email).update(revoked_at=now)
    invitation = TeamInvitation.objects.create(
        application=record, email=email, role=role, signs=signs, until=until, key_digest=_digest(key), invited_by=by,
        invited_at=now, expires_at=now + TeamInvitation.LASTS,
    )  # fmt: skip
    team.note(record, by, TeamAct.Kind.INVITED, email)
    _write(invitation, record, by, known, signing.dumps([invitation.pk, key], salt=SALT))
    return invitation


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _write(invitation: TeamInvitation, application: Application, by, known: User | None, token: str) -> None:
    """Put the invitation into the post, in the language of its reader if that is known, else of the inviting person."""
    with translation.override(known.language if known else get_language()):
        with timezone.override(known.time_zone if known else by.time_zone):
            context = plain({
                "by": by.display_name, "title": application.title or _("Project without a title"),
                "role": invitation.get_role_display(), "until": moment(invitation.expires_at),
            })  # fmt: skip
        context |= {"signs": invitation.signs, "url": settings.BASE_URL + reverse("intake:invitation", args=[token])}
        subject = _("%(by)s invites you to an application at the park") % {"by": context["by"]}
        text = render_to_string("intake/invitation.txt", context).strip() + "\n"
        html = render_to_string(
            "accounts/letter.html",
            {"subject": subject, "paragraphs": text.strip().split("\n\n"), "code": "", "site_name": settings.SITE_NAME,
             "base_url": settings.BASE_URL},
        )  # fmt: skip
    write_letter(to=invitation.email, subject=subject, text=text, html=html, useful_for=TeamInvitation.LASTS)


def invitation_of(token: str) -> TeamInvitation | None:
    """Return the open invitation that a link from a mail stands for; None if it is forged, too old, used or revoked."""
    try:
        pk, key = signing.loads(token, salt=SALT, max_age=TeamInvitation.LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = TeamInvitation.objects.open().filter(pk=pk, key_digest=_digest(key), application__state__in=LIVE)
    return rows.select_related("application__talent__user", "application__call", "invited_by").first()


def invitations_for(user):
    """Return the open invitations to one of this person's confirmed addresses."""
    own = EmailAddress.objects.filter(user=user, verified=True).values("email")
    rows = TeamInvitation.objects.open().filter(email__in=own, application__state__in=LIVE)
    return rows.select_related("application__talent__user", "application__call", "invited_by")


@verb
def join(*, invitation: TeamInvitation, by) -> CoApplicant:
    """Take part as invited. The link works once, and only for the address that it was sent to. Raises MoveRefused."""
    record = locked(invitation.application)
    row = TeamInvitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.pk)
    if row.accepted_at or row.revoked_at or row.expires_at <= timezone.now() or record.state not in LIVE:
        raise GuardFailed(_("This invitation does not hold any more. Ask for a new one."), code="invitation-over")
    if not invitations_for(by).filter(pk=row.pk).exists():
        words = {"address": row.email}
        raise GuardFailed(_("The invitation went to %(address)s. Sign in with that address.") % words, "other-address")
    if by.pk in record.roles:
        raise GuardFailed(_("You take part already."), code="takes-part")
    now = timezone.now()
    record.co_applicants.filter(user=by, ended_at=None).update(ended_at=now)  # a part that ran out
    joined = CoApplicant.objects.create(
        application=record, user=by, role=row.role, signs=row.signs, since=now, until=row.until
    )
    row.accepted_at, row.accepted_by = now, by
    row.save(update_fields=["accepted_at", "accepted_by"])
    team.note(record, by, TeamAct.Kind.JOINED)
    return joined


@verb
def take_invitation_back(*, invitation: TeamInvitation, by) -> None:
    """End an invitation that nobody has accepted: its link opens nothing from now on. Raises MoveRefused."""
    record = _led(invitation.application, by)
    ended = record.invitations.waiting().filter(pk=invitation.pk).update(revoked_at=timezone.now())
    if not ended:
        raise GuardFailed(_("This invitation does not hold any more."), code="invitation-over")
    team.note(record, by, TeamAct.Kind.UNINVITED, invitation.email)


@verb
def change_part(*, co_applicant: CoApplicant, by, role: str, signs: bool) -> CoApplicant:
    """Give a co-applicant another role, or ask for their confirmation or not. Raises MoveRefused."""
    record = _led(co_applicant.application, by)
    row = _current(record, co_applicant)
    if role not in Role.values:
        raise GuardFailed(_("Choose a role."), code="no-role")
    row.role, row.signs = role, signs
    row.save(update_fields=["role", "signs"])
    team.note(record, by, TeamAct.Kind.ROLE, f"{row.user.display_name}: {role}")
    return row


@verb
def end_part(*, co_applicant: CoApplicant, by) -> None:
    """End somebody's part, or one's own: from now on the application is not theirs to see. Raises MoveRefused."""
    record = locked(co_applicant.application)
    own = co_applicant.user_id == by.pk
    if not own:
        record = _led(record, by)
    row = _current(record, co_applicant)
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    TaskLease.objects.filter(application=record, user=row.user_id).delete()
    team.note(record, by, TeamAct.Kind.LEFT if own else TeamAct.Kind.ENDED, "" if own else row.user.display_name)


def _current(record: Application, co_applicant: CoApplicant) -> CoApplicant:
    row = record.co_applicants.current().filter(pk=co_applicant.pk).select_related("user").first()
    if row is None:
        raise GuardFailed(_("This person does not take part any more."), code="not-there")
    return row


@verb
def sign(*, application: Application, by, read: str) -> Signature:
    """Confirm the application as it was read (``read`` is the mark of that wording). Raises MoveRefused."""
    record = locked(application)
    if by.pk not in {each.user_id for each in team.co_signers(record)}:
        raise NotYours
    draft = Draft.of(record)
    if not record.is_draft or draft.unfinished:
        raise GuardFailed(_("Some tasks are not done yet. Confirm when the application is whole."), code="unfinished")
    digest = team.wording(draft)
    if digest != read:
        raise GuardFailed(_("It was changed while you read it. Read it again, then confirm."), code="stale")
    signature, new = Signature.objects.get_or_create(application=record, user=by, digest=digest)
    if new:
        team.note(record, by, TeamAct.Kind.SIGNED)
    return signature
