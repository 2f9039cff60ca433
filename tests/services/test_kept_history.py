"""The history page of a record shows what the database kept, whoever changed it."""

import pytest
from django.contrib import admin
from django.urls import reverse

from incubation.facts.models import Fact
from incubation.intake import actions
from incubation.intake.models import Application
from incubation.journey.models import Tenant
from park.audit.admin import KeptHistory
from services.intermediaries.models import ServiceRequest
from services.policies.models import PolicyVersion
from tests.factories.accounts import make_administrator
from tests.factories.intake import make_application, make_officer


@pytest.mark.parametrize("model", [Application, Tenant, PolicyVersion, ServiceRequest, Fact])
def test_audited_records_show_their_kept_history(model):
    assert isinstance(admin.site.get_model_admin(model), KeptHistory)


@pytest.mark.django_db
def test_the_history_of_a_case_names_what_changed(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    application, officer = make_application(), make_officer(name="Li Na")
    actions.take(application=application, by=officer)
    client.force_login(make_administrator())

    page = client.get(reverse("admin:intake_application_history", args=[application.pk]))

    newest = page.context["entries"][0]
    assert {change.label for change in newest.changes} >= {"state", "case officer"}
