"""Who may open a page, said at the page itself.

Signing in is asked everywhere (``SignInRequired``); a decorator of this file opens a view further or closes it further,
and leaves a ``Door`` on it. ``manage.py access_matrix`` reads the doors, so what it prints is what is asked::

    @open_to_all("The catalogue is public information.")
    def catalogue(request): …

    @signed_in("Everybody has notices.")                        # the default, said aloud
    def inbox(request): …

    @row_by_row("the applicant, and officers of intake")        # rows come from visible_to(user); unseen is 404
    def tracker(request, ref): …

    @needs_right("policies.release_policy")                     # 403 that says which right is missing
    def release(request, pk): …

Put the decorator above ``require_POST`` and the like. A class: ``path("…", needs_right("…")(Board.as_view()))``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Door:
    """Who may open a view, and why it is so."""

    who: str  # "anyone", "signed in", "signed in, row by row", "staff", "operators", "API key", a right …
    why: str
    rights: tuple[str, ...] = ()


def open_to_all(why: str) -> Callable:
    """Ask nobody to sign in. ``tests/test_open_addresses.py`` lists each such address with its reason."""

    def mark(view):
        view = login_not_required(view)
        view.door = Door("anyone", why)
        return view

    return mark


def signed_in(why: str) -> Callable:
    """Ask for a sign-in and no more: the page shows a person their own things only."""

    def mark(view):
        view.door = Door("signed in", why)
        return view

    return mark


def row_by_row(who: str, why: str = "The record is taken from what this person may see.") -> Callable:
    """Ask for a sign-in; the view takes its record from a ``visible_to(user)`` queryset, so a stranger gets 404."""

    def mark(view):
        view.door = Door(f"signed in, row by row: {who}", why)
        return view

    return mark


def needs_right(*rights: str, why: str = "It belongs to a duty.") -> Callable:
    """Ask for one of these rights (``app_label.codename``); without any of them the answer is 403.

    The right is asked at each request, so a duty that was taken away ends at once.
    """

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not any(request.user.has_perm(right) for right in rights):
                raise PermissionDenied(_("Only people with the duty for it may open this page."))
            return view(request, *args, **kwargs)

        guarded.door = Door("right " + " or ".join(rights), why, rights)
        return guarded

    return guard
