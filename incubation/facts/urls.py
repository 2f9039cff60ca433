from django.urls import path

from . import views

app_name = "facts"

urlpatterns = [
    path("c/<slug:slug>/profile/", views.profile, name="profile"),
    path("c/<slug:slug>/profile/<str:key>/", views.answer, name="answer"),
]
