"""What happens to an account besides signing in."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import post
from .models import Letter, User
from .tasks import send_letters

USEFUL_FOR = timedelta(hours=1)  # a code or a link in a letter that comes later opens nothing any more


class NoSuchDuty(Exception):
    """The duty is not in the park's list."""


class NotForOneself(Exception):
    """Nobody hands out a duty to themselves."""


@transaction.atomic
def write_letter(*, to: str, subject: str, text: str, html: str, useful_for: timedelta = USEFUL_FOR) -> Letter:
    """Put an account e-mail into the post: it goes out after the commit, and waits if the mail server is away."""
    letter = Letter.objects.create(
        to=to,
        subject=" ".join(subject.split())[:200],  # a title may hold a line break, a header may not
        text=text,
        html=html,
        message_id=post.message_id(),
        expires_at=timezone.now() + useful_for,
    )
    transaction.on_commit(lambda: post.send_soon(send_letters), robust=True)
    return letter


@transaction.atomic
def choose_language(*, user: User, language: str) -> None:
    """Write to this person in another language from now on."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


@transaction.atomic
def settle_in(*, user: User, name: str, name_zh: str, time_zone: str, language: str) -> None:
    """Change how this person is named and addressed, and in which zone times are shown."""
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    user.name, user.name_zh, user.time_zone, user.language = name, name_zh, time_zone, language
    user.save(update_fields=["name", "name_zh", "time_zone", "language"])


@transaction.atomic
def give_duty(user: User, duty: str, by: User | None = None) -> None:
    """Give a person a duty and open the staff area to them. ``by`` None: a command of the operator.

    Raises NoSuchDuty, NotForOneself.
    """
    group = _duty(duty)
    if by and by.pk == user.pk:
        raise NotForOneself(_("Another administrator has to give you a duty."))
    user.groups.add(group)
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])


@transaction.atomic
def take_duty(user: User, duty: str, by: User | None = None) -> None:
    """End a duty at once; with the last one the staff area closes too. Raises NoSuchDuty, NotForOneself."""
    group = _duty(duty)
    if by and by.pk == user.pk:
        raise NotForOneself(_("Another administrator has to end your duty."))
    user.groups.remove(group)
    if not user.is_superuser and not user.groups.exists():
        user.is_staff = False
        user.save(update_fields=["is_staff"])


def _duty(name: str) -> Group:
    try:
        return Group.objects.get(name=name)
    except Group.DoesNotExist:
        raise NoSuchDuty(_("The park has no duty called '%(duty)s'.") % {"duty": name}) from None
