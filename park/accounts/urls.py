"""Signing in stands under /accounts/, one's own settings under /me/."""

from django.urls import include, path

from . import views

own = [path("me/settings/", views.account_settings, name="settings")]

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include((own, "accounts"))),
]
