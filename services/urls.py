"""Every page of the rooms above the ground, in the order of the site map."""

from django.urls import include, path

urlpatterns = [
    path("", include("services.desk.urls")),
    path("", include("services.alerts.urls")),
    path("", include("services.policies.urls")),
    path("", include("services.interpretation.urls")),
    path("", include("services.intermediaries.urls")),
    path("", include("services.claims.urls")),
    path("", include("incubation.facts.urls")),
    path("", include("incubation.journey.urls")),
    path("", include("incubation.intake.urls")),
    path("", include("incubation.review.urls")),
    path("", include("enterprises.registry.urls")),
    path("", include("talents.profiles.urls")),
]
