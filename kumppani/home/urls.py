from django.urls import path

from kumppani.home import health, views

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("me/", views.Me.as_view(), name="me"),
    path("calendar/", views.Calendar.as_view(), name="calendar"),
    path("calendar/list/", views.CalendarList.as_view(), name="calendar_list"),
    path("partners/load/", views.PartnerLoad.as_view(), name="partner_load"),
    path("by-itself/", views.JobList.as_view(), name="job_list"),
]
