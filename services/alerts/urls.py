"""Saved searches and the calendar stand under /me/; calendar files and the way out of a mail need no sign-in."""

from django.urls import path

from . import views

app_name = "alerts"

urlpatterns = [
    path("me/searches/", views.searches, name="searches"),
    path("me/searches/new/", views.save, name="save"),
    path("me/searches/<int:pk>/", views.change, name="change"),
    path("me/searches/<int:pk>/stop/", views.end, name="end"),
    path("me/calendar/", views.calendar, name="calendar"),
    path("searches/stop/<str:token>/", views.stop, name="stop"),
    path("policies/<slug:slug>/deadline.ics", views.deadline, name="deadline"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
]
