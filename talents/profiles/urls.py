from django.urls import path

from . import views

app_name = "profiles"

urlpatterns = [
    path("me/profile/", views.profile, name="profile"),
    path("me/profile/abroad/new/", views.stay, name="new_stay"),
    path("me/profile/abroad/<int:pk>/", views.stay, name="stay"),
    path("me/profile/abroad/<int:pk>/remove/", views.remove_stay, name="remove_stay"),
    path("me/profile/consent/", views.consent, name="consent"),
]
