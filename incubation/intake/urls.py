from django.urls import path

from . import asking, filling, sending, talking, views

app_name = "intake"

urlpatterns = [
    path("apply/", views.guide, name="guide"),
    path("me/applications/", views.applications, name="applications"),
    path("me/applications/new/", views.new, name="new"),
    path("me/applications/<slug:ref>/", views.application, name="application"),
    path("me/applications/<slug:ref>/state/", views.state, name="state"),
    path("me/applications/<slug:ref>/check/", sending.check, name="check"),
    path("me/applications/<slug:ref>/sent/", sending.sent, name="sent"),
    path("me/applications/<slug:ref>/messages/", talking.talk, name="talk"),
    path("me/applications/<slug:ref>/answer/", sending.answer, name="answer"),
    path("me/applications/<slug:ref>/withdraw/", sending.withdraw, name="withdraw"),
    path("me/applications/<slug:ref>/withdraw/undo/", sending.undo_withdraw, name="undo_withdraw"),
    path("me/applications/<slug:ref>/discard/", sending.discard, name="discard"),
    path("me/applications/<slug:ref>/files/<int:pk>/remove/", filling.remove_paper, name="remove_paper"),
    path("me/applications/<slug:ref>/<slug:task>/", filling.task, name="task"),
    path("me/applications/<slug:ref>/<slug:task>/autosave/", filling.autosave, name="autosave"),
    path("me/applications/<slug:ref>/<slug:task>/questions/", asking.questions, name="questions"),
]
