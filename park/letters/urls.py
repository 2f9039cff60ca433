from django.urls import path

from . import views

app_name = "letters"

urlpatterns = [
    path("me/letters/<slug:ref>/", views.letter, name="letter"),
    path("me/letters/<slug:ref>/pdf/", views.pdf, name="pdf"),
    path("v/<slug:ref>/", views.check, name="check"),
]
