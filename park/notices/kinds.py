"""What the park tells people about: topics, and the kinds of notices that the rooms register.

A room registers in its ``AppConfig.ready``::

    register(Kind("application-received", Topic.APPLICATIONS, mutable=False))                    # a single letter
    register(Kind("policy-released", Topic.POLICIES, load=worker.letters, personal=worker.verdicts))  # a mass release

and writes ``templates/notices/application-received.txt`` with the blocks ``subject``, ``body`` and, where there is
something to open, ``action`` (words of the button) and ``url`` (an address of the portal, ``{% url … %}``). ``summary``
is the line of the inbox; without it the first paragraph of the body is. Plain text only: paragraphs are parted by an
empty line, the HTML of the mail is made from the same words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import pgettext_lazy

from .models import Channel


class Topic(models.TextChoices):
    """What a person can ask to hear of more or less often."""

    APPLICATIONS = "applications", pgettext_lazy("topic", "Applications and decisions")
    POLICIES = "policies", pgettext_lazy("topic", "Policies that may fit")
    SEARCHES = "searches", pgettext_lazy("topic", "Searches you saved")
    SERVICES = "services", pgettext_lazy("topic", "Services and institutions")
    STAGES = "stages", pgettext_lazy("topic", "Stages and milestones")
    EVENTS = "events", pgettext_lazy("topic", "Events")
    WORK = "work", pgettext_lazy("topic", "Work waiting for me")
    DEADLINES = "deadlines", pgettext_lazy("topic", "Deadlines")
    SECURITY = "security", pgettext_lazy("topic", "Sign-in and security")


NEVER_MUTED = (Topic.DEADLINES, Topic.SECURITY)


class Key(NamedTuple):
    """Which notice of a kind is meant: to whom, of which record, in which version."""

    recipient_id: int
    subject_id: int
    version: int


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    ``mutable``: may the reader turn it down? Decisions, deadlines and security cannot be.
    ``load({(subject_id, version), …}) -> {(subject_id, version): context}``: for mass releases, whose text stays on the
    release; asked once for many. Without it a notice keeps its own ``context`` (a single letter).
    ``personal([Key, …]) -> {Key: context}``: what differs from reader to reader (a verdict, say); few distinct values.
    ``still_wanted([Key, …]) -> {Key, …}``: asked again right before sending; what is not returned is cancelled.
    A context may hold ``leave``: an address of the portal that stops more narrowly than the whole topic, by one POST.
    ``at_night``: may be mailed in quiet hours; as a rule what cannot be muted may, but for deadlines (there
    ``tell(..., urgent=True)`` says that one is near).
    ``bilingual``: both languages below one another (the decision letter).
    """

    name: str
    topic: Topic
    mutable: bool = True
    channels: tuple[Channel, ...] = (Channel.IN_APP, Channel.EMAIL)
    template: str = ""
    load: Callable | str | None = None
    personal: Callable | str | None = None
    still_wanted: Callable | str | None = None
    at_night: bool | None = None
    bilingual: bool = False
    icon: str = "bell"

    def __post_init__(self):
        if self.topic not in Topic.values:
            raise ImproperlyConfigured(f"The notice '{self.name}' has no known topic: '{self.topic}'.")
        if self.mutable and self.topic in NEVER_MUTED:
            object.__setattr__(self, "mutable", False)
        if self.at_night is None:
            object.__setattr__(self, "at_night", not self.mutable and self.topic != Topic.DEADLINES)
        if not self.template:
            object.__setattr__(self, "template", f"notices/{self.name}.txt")
        for name in ("load", "personal", "still_wanted"):
            if isinstance(getattr(self, name), str):
                object.__setattr__(self, name, _later(getattr(self, name)))

    @property
    def by_mail(self) -> bool:
        return Channel.EMAIL in self.channels

    @property
    def in_portal(self) -> bool:
        return Channel.IN_APP in self.channels

    @property
    def is_mass(self) -> bool:
        return self.load is not None


def _later(dotted: str) -> Callable:
    """Return a function that finds the one of this name when it is first called."""

    def call(*args):
        return import_string(dotted)(*args)

    return call


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. Registering the same kind again does nothing; another one of its name is refused."""
    known = _kinds.setdefault(kind.name, kind)
    if known is not kind and (known.topic, known.template) != (kind.topic, kind.template):
        raise ImproperlyConfigured(f"Two kinds of notices are called '{kind.name}'.")
    return known


def find(name: str) -> Kind | None:
    return _kinds.get(name)


def get(name: str) -> Kind:
    """Return a kind by name; say plainly if no room registered it."""
    if name not in _kinds:
        raise ImproperlyConfigured(f"No room registered the notice '{name}' (see park/notices/kinds.py).")
    return _kinds[name]


def registered() -> list[Kind]:
    return list(_kinds.values())


def in_portal() -> list[str]:
    """Return the names of the kinds that stand in the inbox."""
    return [kind.name for kind in _kinds.values() if kind.in_portal]
