"""The desk of the administrators: who works here, with which duties. They change no rights of their own."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import APIKey
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from park.audit.admin import KeptHistory, OnlyRead

from . import actions, duties
from .models import Letter, User


class PersonForm(forms.ModelForm):
    duties = forms.MultipleChoiceField(
        label=_("duties"),
        required=False,
        choices=lambda: [(name, duty["label"]) for name, duty in duties.listed().items()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Each duty gives the rights it needs, and no more. With any of them the staff area opens."),
    )

    class Meta:
        model = User
        fields = ["email", "name", "name_zh", "language", "time_zone", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["duties"] = list(self.instance.groups.values_list("name", flat=True))

    def clean_email(self):
        return self.cleaned_data["email"].lower()


@admin.register(User)
class UserAdmin(KeptHistory, ModelAdmin):
    form = PersonForm
    list_display = ("email", "name", "name_zh", "is_staff", "is_active", "held", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "name", "name_zh")
    ordering = ("email",)
    readonly_fields = ("is_staff", "is_superuser", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "name_zh", "language", "time_zone", "is_active")}),
        (_("Duties"), {"fields": ("duties", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("date_joined", "last_login")}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("duties"))
    def held(self, user):
        return ", ".join(duties.label_of(group.name) for group in user.groups.all())

    def get_readonly_fields(self, request, obj=None):
        """An address is changed by its owner, who has to confirm the new one; one's own rights by somebody else."""
        fixed = [*self.readonly_fields, *(["email"] if obj else [])]
        return [*fixed, "is_active"] if obj and obj.pk == request.user.pk else fixed

    def has_delete_permission(self, request, obj=None):
        return False  # people are switched off; erasing is a command with its own rules

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            EmailAddress.objects.create(user=obj, email=obj.email, verified=True, primary=True)
        wanted, held = set(form.cleaned_data["duties"]), set(obj.groups.values_list("name", flat=True))
        try:
            for name in sorted(wanted - held):
                actions.give_duty(obj, name, by=request.user)
            for name in sorted(held - wanted):
                actions.take_duty(obj, name, by=request.user)
        except actions.NotForOneself as refusal:
            self.message_user(request, str(refusal), messages.ERROR)


# What the libraries keep of a person is the person's own: sign-in factors, addresses and sessions have pages for it.
for kept_by_the_person in (Group, EmailAddress, Authenticator, UserSession, APIKey):
    if admin.site.is_registered(kept_by_the_person):
        admin.site.unregister(kept_by_the_person)


@admin.register(Group)
class DutyAdmin(OnlyRead, ModelAdmin):
    """Duties and their rights are a list in the code: here they can be read."""

    list_display = ("label", "name")
    fields = ("name", "rights")
    readonly_fields = ("name", "rights")

    @admin.display(description=_("duty"))
    def label(self, group):
        return duties.label_of(group.name)

    @admin.display(description=_("rights"))
    def rights(self, group):
        return ", ".join(map(str, group.permissions.select_related("content_type")))


@admin.register(Letter)
class LetterAdmin(OnlyRead, ModelAdmin):
    """Whether e-mails with codes and links go out. Their words are not shown: they hold both."""

    list_display = ("to", "subject", "state", "tries", "due_at", "last_error")
    list_filter = ("state",)
    fields = ("to", "subject", "state", "tries", "created_at", "due_at", "expires_at", "last_error", "message_id")
    ordering = ("-created_at",)
