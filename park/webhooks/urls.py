"""Webhooks stand beside the organisation they belong to."""

from django.urls import path

from . import views

app_name = "webhooks"

urlpatterns = [
    path("me/webhooks/", views.organisations, name="organisations"),
    path("organisations/<slug:slug>/webhooks/", views.endpoints, name="endpoints"),
    path("organisations/<slug:slug>/webhooks/new/", views.make, name="make"),
    path("webhooks/<int:pk>/secret/", views.rotate, name="rotate"),
    path("webhooks/<int:pk>/test/", views.test, name="test"),
    path("webhooks/<int:pk>/stop/", views.stop, name="stop"),
    path("webhooks/<int:pk>/replay/", views.replay, name="replay"),
]
