from django.urls import path

from park.pages import views

app_name = "pages"
urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
