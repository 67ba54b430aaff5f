from django.urls import path

from kumppani.home import health, views

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("me/", views.Me.as_view(), name="me"),
    path("by-itself/", views.JobList.as_view(), name="job_list"),
]
