from django.urls import path

from . import views

app_name = "files"

urlpatterns = [
    path("me/documents/", views.vault, name="vault"),
    path("me/documents/<uuid:public_id>/replace/", views.replace, name="replace"),
    path("files/<uuid:public_id>/", views.download, name="download"),
]
