from django.urls import path

from . import views

app_name = "organisations"

urlpatterns = [path("me/switch/", views.switch, name="switch")]
