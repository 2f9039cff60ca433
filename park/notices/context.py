"""What the frame of every page says about notices: how many are new, and where they are."""

from django.http import HttpRequest
from django.urls import reverse

from . import access


def unread(request: HttpRequest) -> dict:
    if not request.user.is_authenticated:
        return {}
    return {"unread": access.inbox_of(request.user).unread().count(), "notices_url": reverse("notices:inbox")}
