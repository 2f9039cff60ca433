from django.urls import path

from . import views

app_name = "journey"

urlpatterns = [
    path("stages/", views.stages, name="stages"),
    path("stages/<int:number>-<slug:slug>/", views.stage, name="stage"),
]
