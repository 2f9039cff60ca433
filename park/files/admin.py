"""What staff see of documents in general: that they are there, never what is in them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from park.audit.admin import KeptHistory, OnlyRead

from . import access, kinds
from .models import Document


@admin.register(Document)
class DocumentAdmin(KeptHistory, OnlyRead, ModelAdmin):
    list_display = ("kind_in_words", "owner", "state", "sensitive", "valid_until", "uploaded_at")
    list_filter = ("state", "sensitive", "kind")
    list_select_related = ("owner",)
    fields = (
        "kind_in_words", "name", "owner", "state", "held_because", "sensitive", "size", "valid_until", "uploaded_at",
    )

    def get_queryset(self, request):
        """Officers list the papers that their work lets them read; so a list tells nothing that a page would not."""
        return super().get_queryset(request).filter(pk__in=access.readable_by(request.user).values("pk"))

    @admin.display(description=_("kind"), ordering="kind")
    def kind_in_words(self, document):
        return kinds.label(document.kind)
