from django.urls import path

from park.pages import views

app_name = "pages"
urlpatterns = [
    path("theme/", views.theme, name="theme"),
]
