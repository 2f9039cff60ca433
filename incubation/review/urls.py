from django.urls import path

from . import views

app_name = "review"

urlpatterns = [
    path("review/", views.queue, name="queue"),
    path("review/done/", views.done, name="done"),
    path("review/guide/", views.guide, name="guide"),
    path("review/rounds/<slug:slug>/", views.standing, name="standing"),
    path("review/<slug:ref>/", views.score, name="score"),
    path("review/<slug:ref>/conflict/", views.conflict, name="conflict"),
    path("review/<slug:ref>/autosave/", views.autosave, name="autosave"),
    path("review/<slug:ref>/reopen/", views.reopen, name="reopen"),
]
