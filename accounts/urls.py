"""Addresses of accounts that django-allauth does not bring."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("invitation/<str:who>/<str:token>/", views.invitation, name="invitation"),
    path("invitation/", views.invitation_password, name="invitation_password"),
]
