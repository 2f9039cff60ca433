from django.urls import path

from . import views

app_name = "claims"

urlpatterns = [
    path("c/<slug:slug>/claims/", views.claims, name="claims"),
    path("c/<slug:slug>/claims/new/<slug:policy>/", views.new, name="new"),
    path("c/<slug:slug>/claims/<str:ref>/", views.claim, name="claim"),
    path("c/<slug:slug>/claims/<str:ref>/amount/", views.amount, name="amount"),
    path("c/<slug:slug>/claims/<str:ref>/account/", views.account, name="account"),
    path("c/<slug:slug>/claims/<str:ref>/papers/<int:place>/", views.paper, name="paper"),
    path("c/<slug:slug>/claims/<str:ref>/check/", views.check, name="check"),
    path("c/<slug:slug>/money/", views.money, name="money"),
]
