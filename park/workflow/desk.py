"""Pages of the staff area whose saving is a verb: refused with a sentence, nothing that was typed is lost."""

from django import forms

from .refusals import MoveRefused


class SavesByVerb:
    """Gives a ModelAdmin whose saving is a verb: a refusal is said above the form, and what was typed stays (409)."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except MoveRefused as refusal:  # the transaction of the page is rolled back
            request.refused = refusal
            page = super().changeform_view(request, object_id, form_url, extra_context)
            page.status_code = refusal.status
            return page

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refused", None)
        return form if refusal is None else refused(form, refusal)


def refused(form: type[forms.BaseForm], refusal: MoveRefused) -> type[forms.BaseForm]:
    """Return a form that shows what was typed with the refusal above it, and is never valid."""

    class Refused(form):
        def clean(self):
            given = super().clean()
            self.add_error(None, str(refusal))
            return given

    return Refused


class ReadVersion(forms.ModelForm):
    """A form that remembers which version of its record was read."""

    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "read_version" in self.fields:
            self.initial["read_version"] = self.instance.version
