from django.urls import path

from . import views

app_name = "registry"

urlpatterns = [path("companies/", views.companies, name="companies")]
