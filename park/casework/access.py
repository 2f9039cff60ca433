"""Who reads and writes which thread, who flags, who stands in for whom.

Threads are closed by default. A room says in its ``AppConfig.ready`` who reads those of its records::

    access.open_thread("intake.application", Visibility.STAFF, lambda user: Application.objects.on_the_desk_of(user))

Another room may open the same thread to more people (the experts of a round, say): the rules add up.
"""

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from .models import Absence, Message, Visibility

FLAG = "casework.add_flag"
_rules: dict[tuple[str, str], list[Callable]] = {}


def open_thread(model: str, visibility: str, records: Callable) -> None:
    """Let people read the messages of one readership: ``records(user)`` is a queryset of the records concerned."""
    rules = _rules.setdefault((model, Visibility(visibility)), [])
    if records not in rules:
        rules.append(records)


def readable_by(user):
    """Return every message that this person may read, whatever it is about."""
    any_of = Q(pk__in=[])
    for (model, visibility), rules in _rules.items():
        kind = ContentType.objects.get_by_natural_key(*model.split("."))
        for rule in rules:
            any_of |= Q(content_type=kind, visibility=visibility, object_id__in=rule(user).order_by().values("pk"))
    return Message.objects.filter(any_of)


def threads_of(user, record) -> list[Visibility]:
    """Return the threads of a record in which this person reads and writes."""
    label = record._meta.label_lower
    return [
        visibility
        for visibility in Visibility
        if any(rule(user).filter(pk=record.pk).exists() for rule in _rules.get((label, visibility), []))
    ]


def papers_of_messages(user) -> Q:
    """Return the documents that came with messages which this person may read."""
    through = Message.documents.through.objects.filter(message__in=readable_by(user).order_by())
    return Q(pk__in=through.values("document"))


def may_flag(user) -> bool:
    return user.is_active and user.has_perm(FLAG)


def away(now=None) -> dict[int, Absence]:
    """Return who is away today, by officer."""
    return {each.officer_id: each for each in Absence.objects.today(now).select_related("officer", "substitute")}


def stands_in_for(user, now=None):
    """Return the ids of those for whom this person stands in today."""
    return Absence.objects.today(now).filter(substitute=user).values_list("officer", flat=True)


def is_substitute_of(user, officer_id: int | None) -> bool:
    """Tell whether this person stands in for that officer today."""
    return officer_id is not None and stands_in_for(user).filter(officer=officer_id).exists()
