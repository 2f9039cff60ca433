from django.urls import path

from . import asking, calls, decided, filling, papers, printing, sending, talking, teaming, views

app_name = "intake"

urlpatterns = [
    path("apply/", calls.guide, name="guide"),
    path("apply/questions/", printing.questions, name="all_questions"),
    path("apply/questions/pdf/", printing.questions_pdf, name="all_questions_pdf"),
    path("apply/calls/<slug:slug>/", calls.call, name="call"),
    path("me/applications/", views.applications, name="applications"),
    path("me/applications/new/", views.new, name="new"),
    path("me/invitations/<int:pk>/", teaming.join, name="join"),
    path("me/invitations/<str:token>/", teaming.invitation, name="invitation"),
    path("me/applications/<slug:ref>/", views.application, name="application"),
    path("me/applications/<slug:ref>/state/", views.state, name="state"),
    path("me/applications/<slug:ref>/check/", sending.check, name="check"),
    path("me/applications/<slug:ref>/pdf/", printing.draft_pdf, name="pdf"),
    path("me/applications/<slug:ref>/sent/", sending.sent, name="sent"),
    path("me/applications/<slug:ref>/messages/", talking.talk, name="talk"),
    path("me/applications/<slug:ref>/answer/", sending.answer, name="answer"),
    path("me/applications/<slug:ref>/withdraw/", sending.withdraw, name="withdraw"),
    path("me/applications/<slug:ref>/withdraw/undo/", sending.undo_withdraw, name="undo_withdraw"),
    path("me/applications/<slug:ref>/conditions/<int:pk>/", decided.condition, name="condition"),
    path("me/applications/<slug:ref>/second-look/", decided.second_look, name="second_look"),
    path("me/applications/<slug:ref>/discard/", sending.discard, name="discard"),
    path("me/applications/<slug:ref>/copy/", views.copy, name="copy"),
    path("me/applications/<slug:ref>/confirm/", teaming.sign, name="sign"),
    path("me/applications/<slug:ref>/team/", teaming.members, name="team"),
    path("me/applications/<slug:ref>/team/<int:pk>/", teaming.change_part, name="change_part"),
    path("me/applications/<slug:ref>/team/<int:pk>/end/", teaming.end_part, name="end_part"),
    path(
        "me/applications/<slug:ref>/invitations/<int:pk>/end/", teaming.take_invitation_back, name="end_invitation"
    ),
    path("me/applications/<slug:ref>/files/<int:pk>/remove/", papers.remove_paper, name="remove_paper"),
    path("me/applications/<slug:ref>/papers/<slug:paper>/ask/", papers.take_excuse_back, name="end_excuse"),
    path("me/applications/<slug:ref>/<slug:task>/", filling.task, name="task"),
    path("me/applications/<slug:ref>/<slug:task>/autosave/", filling.autosave, name="autosave"),
    path("me/applications/<slug:ref>/<slug:task>/questions/", asking.questions, name="questions"),
    path("me/applications/<slug:ref>/<slug:task>/claim/", filling.claim, name="claim"),
]
