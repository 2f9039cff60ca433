"""The duties of park staff as groups. The list stands in a room above (settings.DUTIES) and rules: what it does not
name is taken away again at the next ``migrate``."""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.module_loading import import_string

from .actions import give_duty, take_duty

__all__ = ["give_duty", "label_of", "sync", "take_duty"]


def listed() -> dict[str, dict]:
    return import_string(settings.DUTIES)


def label_of(name: str) -> str:
    """Return the words for a duty in the reader's language."""
    return str(listed().get(name, {}).get("label", name))


@transaction.atomic
def sync(**kwargs) -> None:
    """Make every duty hold exactly the rights that the list names. Twice changes nothing.

    Hangs on post_migrate of the last room of the list: then every room has made its rights.
    """
    known = {
        f"{right.content_type.app_label}.{right.codename}": right
        for right in Permission.objects.select_related("content_type")
    }
    for name, duty in listed().items():
        missing = [right for right in duty["rights"] if right not in known]
        if missing:
            raise ImproperlyConfigured(f"The duty '{name}' names rights that no room has: {', '.join(missing)}.")
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set([known[right] for right in duty["rights"]])
