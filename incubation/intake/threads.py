"""The threads of an application, read by those who share them."""

from park.casework.access import readable_by
from park.casework.models import Side, Visibility

from .models import Application


def thread(user, application: Application, visibility: str = Visibility.APPLICANT) -> list[dict]:
    """Return one thread as this person reads it, the oldest message first, as ``intake/thread.html`` takes it.

    An applicant reads the officer's name, as everywhere; of the other threads nothing is returned to them.
    """
    messages = readable_by(user).of(application).filter(visibility=visibility)
    return [
        {
            "name": message.author.display_name,
            "side": str(Side(message.side).label),
            "mine": message.author_id == user.pk,
            "moment": message.at,
            "text": message.text,
            "files": list(message.documents.all()),
        }
        for message in messages.select_related("author").prefetch_related("documents").order_by("at", "pk")
    ]
