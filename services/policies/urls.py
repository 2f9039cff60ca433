from django.urls import path

from . import views

app_name = "policies"

urlpatterns = [
    path("check/", views.check, name="check"),
    path("check/count/", views.check_count, name="check_count"),
    path("policies/", views.catalogue, name="catalogue"),
    path("policies/<slug:slug>/", views.policy, name="policy"),
    path("policies/<slug:slug>/answer/<str:key>/", views.answer, name="answer"),
    path("me/fit/", views.my_fit, name="my_fit"),
    path("c/<slug:slug>/fit/", views.fit, name="fit"),
    path("c/<slug:slug>/fit/what-if/", views.what_if, name="what_if"),
    path("c/<slug:slug>/fit/aside/<slug:policy>/", views.aside, name="aside"),
    path("c/<slug:slug>/fit/then/<slug:policy>/", views.then, name="then"),
]
