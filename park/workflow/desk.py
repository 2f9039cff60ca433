"""Pages of the staff area whose saving is a verb: refused with a sentence, nothing that was typed is lost."""

from django import forms
from django.contrib.admin.utils import unquote

from .refusals import MoveRefused


class SavesByVerb:
    """Gives a ModelAdmin whose saving is a verb: a refusal is said above the form, and what was typed stays (409).

    A record that can be changed in some states only says in ``closed`` why it cannot be now, and keeps its form open
    where ``was_refused``: who typed while it went on gets the form back, not a bare no.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and object_id is not None:
            record = self.get_object(request, unquote(object_id))
            refusal = self.closed(request, record) if record is not None else None
            if refusal is not None:
                return self._refused(request, refusal, object_id, form_url, extra_context)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except MoveRefused as refusal:  # the transaction of the page is rolled back
            return self._refused(request, refusal, object_id, form_url, extra_context)

    def _refused(self, request, refusal, *page):
        request.refused = refusal
        shown = super().changeform_view(request, *page)
        shown.status_code = refusal.status
        return shown

    def closed(self, request, obj) -> MoveRefused | None:
        """Return why this person, who may change such records, cannot change this one any more."""
        return None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refused", None)
        return form if refusal is None else refused(form, refusal)


def was_refused(request) -> bool:
    """Tell whether what was sent is being shown again because it was refused."""
    return getattr(request, "refused", None) is not None


def refused(form: type[forms.BaseForm], refusal: MoveRefused) -> type[forms.BaseForm]:
    """Return a form that shows what was typed with the refusal above it, and is never valid."""

    class Refused(form):
        def clean(self):
            given = super().clean()
            self.add_error(None, str(refusal))
            return given

    return Refused


class ReadVersion(forms.ModelForm):
    """A form that remembers which version of its record was read; without it, nothing is changed."""

    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "read_version" in self.fields:
            self.initial["read_version"] = self.instance.version
            self.fields["read_version"].required = self.instance.pk is not None
