from django.urls import path

from kumppani.privacy import views

urlpatterns = [
    path("who-looked/", views.WhoLooked.as_view(), name="who_looked"),
]
