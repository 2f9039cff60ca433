"""The inbox and what we send stand under /me/; the way out of a mail needs no sign-in."""

from django.urls import path

from . import views

app_name = "notices"

urlpatterns = [
    path("me/notifications/", views.inbox, name="inbox"),
    path("me/notifications/read/", views.read_all, name="read_all"),
    path("me/notifications/<int:pk>/", views.open_notice, name="open"),
    path("me/settings/notices/", views.preferences, name="preferences"),
    path("notices/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
