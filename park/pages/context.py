"""What every template knows: the frame round a page. Nothing is asked of the database before the frame is drawn."""

from functools import cached_property, lru_cache
from importlib.util import find_spec
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from park.pages import navigation, wording
from park.pages.languages import address_in, prefix_of

THEMES = {"light", "dark"}


@lru_cache
def provider(name: str):
    """Return the callable of a dotted name, or None while the room it names has not been built."""
    module = name.rpartition(".")[0]
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):
        if find_spec(".".join(parts[:depth])) is None:
            return None
    return import_string(name)


def links(entries, path: str = "") -> list[dict]:
    """Return the entries whose address exists, each knowing whether the reader is there."""
    found = []
    for label, name, *icon in entries:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if not url.startswith(prefix_of(get_language())):  # one address for all languages: say which to speak
            url = f"{url}?lang={get_language()}"
        found.append({"label": label, "url": url, "icon": icon[0] if icon else "", "here": is_here(url, path)})
    return found


def is_here(url: str, path: str) -> bool:
    """Tell whether ``path`` is this address or lies below it; the root is only itself."""
    url = url.partition("?")[0]
    roots = {"/", *(f"/{code}/" for code, _name in settings.LANGUAGES)}
    return path == url or (url not in roots and path.startswith(url))


class Frame:
    """Header, footer and menus of one page for one reader."""

    def __init__(self, request: HttpRequest):
        self.request = request

    site_name = settings.SITE_NAME
    demo = settings.DEMO

    @property
    def theme(self) -> str:
        """The reader's choice; empty means that the device decides."""
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def main_nav(self) -> list[dict]:
        return links(settings.MAIN_NAVIGATION, self.request.path)

    @cached_property
    def account_nav(self) -> list[dict]:
        return [*links(navigation.ACCOUNT, self.request.path), *self.provided.get("account_nav", [])]

    @cached_property
    def footer(self) -> list[dict]:
        columns = [{"title": title, "links": links(entries)} for title, entries in navigation.FOOTER]
        return [column for column in columns if column["links"]]

    @cached_property
    def home_url(self) -> str:
        home = links([("", navigation.HOME)])
        return home[0]["url"] if home else prefix_of(get_language())

    @cached_property
    def search_url(self) -> str:
        return next((link["url"] for link in links([("", navigation.SEARCH)])), "")

    @cached_property
    def help_url(self) -> str:
        return next((link["url"] for link in links([("", navigation.HELP)])), "")

    @cached_property
    def hours(self) -> list[tuple[str, str]]:
        """The park's opening hours of today on the clocks of four cities."""
        opens, closes = navigation.OPENS, navigation.CLOSES
        return [(city, wording.span_elsewhere(opens, closes, zone)) for city, zone in navigation.CITIES]

    @cached_property
    def languages(self) -> list[dict]:
        """Every language with the address of this page in it."""
        return [
            {"code": code, "name": name, "url": address_in(self.request, code), "here": code == get_language()}
            for code, name in settings.LANGUAGES
        ]

    @property
    def other_language(self) -> dict:
        return next(language for language in self.languages if not language["here"])

    @cached_property
    def provided(self) -> dict:
        """What the upper floors have to say, asked once a page."""
        answers = {}
        for name in settings.PAGE_CONTEXT_PROVIDERS:
            if ask := provider(name):
                answers |= ask(self.request)
        return answers

    @property
    def script_words(self) -> dict[str, str]:
        """What the scripts may have to say; a script itself spells no word."""
        return {
            "saving": _("Saving…"),
            "saved": _("Draft saved at {time}, your time"),
            "failed": _("Not saved, trying again"),
            "offline": _("No connection. What you typed is kept on this device and saved when you are back."),
            "left": _("{n} characters left"),
            "over": _("{n} characters too many"),
            "undo": _("Undo"),
            "failedLoad": _("This part did not load. Your draft is safe. Try again."),
            "signIn": _("Sign in again; nothing is lost."),
            "conflict": _("Someone changed this in the meantime. Load the page again to see it."),
            "slow": _("This is slow today. Nothing is lost."),
        }

    @cached_property
    def passkeys(self) -> bool:
        """Tell whether a passkey can be made here: browsers tie one to a domain name, never to a bare number."""
        host = split_domain_port(self.request.get_host())[0].strip("[]")
        try:
            ip_address(host)
        except ValueError:
            return True
        return False

    @property
    def unread(self) -> int:
        return self.provided.get("unread", 0)

    @property
    def notices_url(self) -> str:
        return self.provided.get("notices_url", "")

    @property
    def workspaces(self) -> list[dict]:
        return self.provided.get("workspaces", [])

    @property
    def acting_as(self) -> dict | None:
        return next((workspace for workspace in self.workspaces if workspace.get("current")), None)

    @property
    def work_nav(self) -> list[tuple]:
        return self.provided.get("work_nav", [])

    @property
    def tabs(self) -> list[tuple]:
        return self.provided.get("tabs", [])


def page(request: HttpRequest) -> dict:
    """Context processor: the frame, and the name of the site."""
    return {"frame": Frame(request), "site_name": settings.SITE_NAME}
