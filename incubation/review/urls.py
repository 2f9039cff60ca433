from django.urls import path

from . import meeting_pages, views

app_name = "review"

urlpatterns = [
    path("review/", views.queue, name="queue"),
    path("review/done/", views.done, name="done"),
    path("review/guide/", views.guide, name="guide"),
    path("review/rounds/<slug:slug>/", views.standing, name="standing"),
    path("review/meetings/", meeting_pages.meetings, name="meetings"),
    path("review/meetings/<slug:ref>/", meeting_pages.meeting, name="meeting"),
    path("review/meetings/<slug:ref>/card/", meeting_pages.meeting_card, name="meeting_card"),
    path("review/meetings/<slug:ref>/room/", meeting_pages.meeting_room, name="meeting_room"),
    path("review/meetings/<slug:ref>/declare/", meeting_pages.meeting_declare, name="meeting_declare"),
    path("review/meetings/<slug:ref>/act/", meeting_pages.meeting_act, name="meeting_act"),
    path("review/meetings/<slug:ref>/minutes/", meeting_pages.meeting_minutes, name="meeting_minutes"),
    path("review/meetings/<slug:ref>/results/", meeting_pages.meeting_results, name="meeting_results"),
    path("review/meetings/<slug:ref>/result/", meeting_pages.meeting_result, name="meeting_result"),
    path("review/meetings/<slug:ref>/meeting.ics", meeting_pages.meeting_calendar, name="meeting_calendar"),
    path("review/<slug:ref>/", views.score, name="score"),
    path("review/<slug:ref>/conflict/", views.conflict, name="conflict"),
    path("review/<slug:ref>/autosave/", views.autosave, name="autosave"),
    path("review/<slug:ref>/reopen/", views.reopen, name="reopen"),
]
