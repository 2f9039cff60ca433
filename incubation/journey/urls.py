from django.urls import path

from . import views

app_name = "journey"

urlpatterns = [
    path("stages/", views.stages, name="stages"),
    path("stages/<int:number>-<slug:slug>/", views.stage, name="stage"),
    path("c/<slug:slug>/path/", views.path, name="path"),
    path("gates/<uuid:public_id>/", views.score, name="score"),
]
