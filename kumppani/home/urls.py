from django.urls import path

from kumppani.home import views

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("me/", views.Me.as_view(), name="me"),
]
