from django.urls import path

from park.runtime import views

app_name = "runtime"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/live/", views.live, name="live"),
    path("metrics", views.metrics, name="metrics"),
]
