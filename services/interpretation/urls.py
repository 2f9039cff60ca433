from django.urls import path

from . import views

app_name = "interpretation"

urlpatterns = [
    path("departments/<str:token>/", views.department, name="department"),
    path("policies/<slug:slug>/text/", views.text, name="text"),
    path("policies/<slug:slug>/text/clear/", views.clear, name="clear"),
    path("policies/<slug:slug>/handbook/", views.handbook, name="handbook"),
    path("policies/<slug:slug>/questions/", views.questions, name="questions"),
    path("policies/<slug:slug>/questions/<uuid:public_id>/drop/", views.drop_question, name="drop_question"),
]
