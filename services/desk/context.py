"""What the frame round each page knows of the reader: whom they can act for, and where they may go there."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from incubation.journey.models import Mentorship
from park.organisations.models import Kind, Membership
from services.intermediaries.models import Match

TENANTS = (Kind.ENTERPRISE, Kind.PROJECT)


def workspaces(request: HttpRequest) -> dict:
    """Return ``workspaces``, ``work_nav``, ``tabs``, ``account_nav`` of a signed-in reader: two questions at most."""
    if not request.user.is_authenticated:
        return {}
    mentored = Mentorship.objects.filter(mentor=OuterRef("user"))
    memberships = list(
        Membership.objects.current().filter(user=request.user).select_related("organisation")
        .annotate(mentors=Exists(mentored)).order_by("since", "pk")
    )  # fmt: skip
    asked = Mentorship.objects.filter(mentor=request.user)
    mentors = memberships[0].mentors if memberships else asked.exists()
    spaces = [space for membership in memberships if (space := workspace(membership.organisation))]
    here = next((space for space in spaces if request.path_info.startswith(space["url"])), None)
    if here is None and spaces and not is_personal(request):
        here = spaces[0]
    for space in spaces:
        space["current"] = space is here
    nav = navigation_of(here) if here else personal_navigation(request)
    return {
        "workspaces": spaces,
        "work_nav": [entry[:3] for entry in nav],
        "tabs": [(url, label, icon) for label, url, icon in tabs(nav)],
        "account_nav": further_pages(request) if mentors else [],
    }


def further_pages(request: HttpRequest) -> list[dict]:
    """Return the pages that only mentors have in their account menu."""
    url = reverse("journey:mentoring")
    return [{"url": url, "label": _("Mentoring"), "icon": "people", "here": request.path == url}]


def is_personal(request: HttpRequest) -> bool:
    """Tell whether this is one of the reader's own pages, which no organisation shares."""
    return request.path_info.startswith(reverse("intake:applications"))


def workspace(organisation) -> dict | None:
    """Return where a member of this organisation works, or None where its pages are elsewhere."""
    if organisation.kind in TENANTS:
        url = reverse("desk:tenant", args=[organisation.slug])
    elif organisation.kind == Kind.INSTITUTION:
        url = reverse("intermediaries:inbox", args=[organisation.slug])
    else:
        return None
    return {
        "label": organisation.name,
        "url": url,
        "kind": organisation.get_kind_display(),
        "serves": organisation.kind == Kind.INSTITUTION,
        "slug": organisation.slug,
        "pk": organisation.pk,
    }


def navigation_of(space: dict) -> list[tuple]:
    """Return (url, label, count, icon) of a workspace's pages, and a shorter label where a phone needs one."""
    slug = space["slug"]
    if space["serves"]:
        waiting = Match.objects.filter(institution__organisation=space["pk"], reply=Match.Reply.WAITING).count()
        return [
            (space["url"], _("Requests"), waiting, "chat"),
            (reverse("intermediaries:institution", args=[slug]), _("Our page"), 0, "building"),
        ]
    return [
        (space["url"], _("Home"), 0, "home"),
        (reverse("journey:path", args=[slug]), _("Path"), 0, "path"),
        (reverse("policies:fit", args=[slug]), _("Policies for us"), 0, "doc", _("Policies")),
        (reverse("intermediaries:requests", args=[slug]), _("Service requests"), 0, "chat", _("Services")),
        (reverse("claims:claims", args=[slug]), _("Claims and money"), 0, "coin", _("Claims")),
        (reverse("journey:problems", args=[slug]), _("Problems"), 0, "warn"),
        (reverse("facts:profile", args=[slug]), _("What we know of you"), 0, "list", _("Facts")),
    ]


def personal_navigation(request: HttpRequest) -> list[tuple]:
    return [
        (reverse("desk:me"), _("Home"), 0, "home"),
        (reverse("intake:applications"), _("Applications"), 0, "path"),
        (reverse("policies:my_fit"), _("Policies for you"), 0, "doc", _("Policies")),
        (reverse("profiles:profile"), _("Profile"), 0, "user"),
        (reverse("files:vault"), _("Documents"), 0, "passport"),
    ]


def tabs(nav: list[tuple]) -> list[tuple]:
    """Return at most four pages of the workspace and the notices, for the bar at the foot of a phone."""
    shown = [(short[0] if short else label, url, icon) for url, label, _count, icon, *short in nav[:4]]
    return [*shown, (_("Notices"), reverse("notices:inbox"), "bell")]
