from django.urls import path

from . import views

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.me, name="me"),
    path("search/", views.search, name="search"),
    path("promises/", views.promises, name="promises"),
    path("help/", views.help_page, name="help"),
    path("c/<slug:slug>/", views.tenant, name="tenant"),
]
