"""The partner API's table of contents. What a room does not publish yet is absent, and the documentation says so."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from enterprises.registry.api import CompanyResource
from incubation.journey.api import StageResource
from park.api.resources import Nowhere
from park.api.views import documentation, schema
from services.intermediaries.api import InstitutionResource
from services.policies.api import PolicyResource
from talents.profiles.api import TalentResource

app_name = "api"

router = SimpleRouter()
router.register("policies", PolicyResource, basename="policies")
router.register("institutions", InstitutionResource, basename="institutions")
router.register("companies", CompanyResource, basename="companies")
router.register("talents", TalentResource, basename="talents")
router.register("stages", StageResource, basename="stages")

urlpatterns = [
    path("", documentation, {"router": router}, name="documentation"),
    path("v1/schema/", schema, name="schema"),
    path("v1/", include(router.urls)),
    re_path(r"^v1/(?:.*/)?$", Nowhere.as_view()),
]
