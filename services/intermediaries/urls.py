from django.urls import path

from . import inbox, views

app_name = "intermediaries"

urlpatterns = [
    path("institutions/", views.directory, name="directory"),
    path("institutions/ask/", views.begin, name="begin"),
    path("institutions/<slug:slug>/", views.institution, name="institution"),
    path("c/<slug:slug>/requests/", views.requests, name="requests"),
    path("c/<slug:slug>/requests/new/", views.ask, name="ask"),
    path("c/<slug:slug>/requests/<str:ref>/", views.request_page, name="request"),
    path("inst/<slug:slug>/", inbox.inbox, name="inbox"),
    path("inst/<slug:slug>/requests/<str:ref>/", inbox.inbox_request, name="inbox_request"),
]
