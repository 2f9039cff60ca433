"""Migrations in seconds instead of minutes: one model is drawn anew where Django draws all that are related to it.

After each operation Django renders the classes of a migration's state again: of the model, of all models related to
it and of all related to those. In a portal where nearly everything is related to a person that is everything, some
hundred models for each of some hundred operations. For a model that is new, and for a change that touches no relation
(a constraint, an index, a trigger), the others stay as they are, so the model alone is enough: relations are found by
the model's name. Everything else goes Django's way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db.migrations.state import ProjectState

_reload_all_related = ProjectState.reload_model


def _reload_model(self: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
    if "apps" not in self.__dict__:  # nothing is rendered yet; hasattr would do it now
        return
    is_new = model_name not in self.apps.all_models[app_label]
    if is_new or delay:
        self._reload({(app_label, model_name)})
    else:
        _reload_all_related(self, app_label, model_name, delay)


@contextmanager
def lean_rendering() -> Iterator[None]:
    """Let migrations that run inside render only what an operation touched."""
    with mock.patch.object(ProjectState, "reload_model", _reload_model):
        yield
