from django.urls import path

from . import views

app_name = "journey"

urlpatterns = [
    path("stages/", views.stages, name="stages"),
    path("stages/<int:number>-<slug:slug>/", views.stage, name="stage"),
    path("c/<slug:slug>/path/", views.path, name="path"),
    path("c/<slug:slug>/problems/", views.problems, name="problems"),
    path("c/<slug:slug>/problems/<uuid:public_id>/", views.problem, name="problem"),
    path("mentoring/", views.mentoring, name="mentoring"),
    path("gates/<uuid:public_id>/", views.score, name="score"),
]
