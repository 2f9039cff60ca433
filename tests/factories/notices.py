"""Kinds of notices for tests (their templates live in memory), and notices and deliveries, valid as they come."""

from contextlib import contextmanager
from itertools import count

from django.template import engines
from django.template.loaders.locmem import Loader
from django.utils import timezone

from park.notices import kinds
from park.notices.kinds import Kind, Topic
from park.notices.models import Channel, Delivery, DeliveryState, Notice
from tests.factories.accounts import make_user

number = count(1)

LETTER = """
{% block subject %}We have your application · {{ ref }}{% endblock %}
{% block body %}
You sent {{ title }} on 9 Sep 2026.

You do not need to do anything.
{% endblock %}
{% block action %}See where it is{% endblock %}
{% block url %}/me/{{ ref }}/{% endblock %}
"""
RELEASE = """
{% block subject %}A policy may fit you: {{ title }}{% endblock %}
{% block summary %}You meet {{ met }} conditions of {{ title }}.{% endblock %}
{% block body %}
{% if met == 3 %}You meet every condition.{% else %}You meet {{ met }} conditions.{% endif %}

Because you are in the park.
{% endblock %}
{% block action %}See why{% endblock %}
{% block url %}/policies/{{ slug }}/{% endblock %}
"""


@contextmanager
def known(kind: Kind, template: str):
    """Make a kind known for a while, with the text of its template."""
    engine = engines["django"].engine
    cached = engine.template_loaders[0]
    shelf = Loader(engine, {kind.template: template})
    cached.loaders.insert(0, shelf)
    cached.reset()
    kinds._kinds[kind.name] = kind
    try:
        yield kind
    finally:
        kinds._kinds.pop(kind.name, None)
        cached.loaders.remove(shelf)
        cached.reset()


def make_kind(**fields) -> Kind:
    return Kind(**{"name": f"kind-{next(number)}", "topic": Topic.APPLICATIONS, "mutable": False} | fields)


def make_notice(kind: Kind | str, **fields) -> Notice:
    name = kind if isinstance(kind, str) else kind.name
    recipient = fields.pop("recipient", None) or make_user()
    return Notice.objects.create(recipient=recipient, kind=name, **{"subject_id": next(number)} | fields)


def make_delivery(notice: Notice, **fields) -> Delivery:
    state = fields.get("state", DeliveryState.PENDING)
    fields = {"sent_at": timezone.now() if state == DeliveryState.SENT else None} | fields
    return Delivery.objects.create(notice=notice, **{"channel": Channel.EMAIL} | fields)
