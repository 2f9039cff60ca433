"""Everything about signing in stands under /accounts/."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
