"""The street: one include per house."""

from django.urls import include, path

urlpatterns = [
    path("", include("kumppani.home.urls")),
    path("", include("kumppani.organisations.urls")),
    path("", include("kumppani.accounts.urls")),
    path("", include("kumppani.notices.urls")),
    path("", include("training.urls")),
    path("", include("pairing.urls")),
    path("", include("tasks.urls")),
    path("", include("kumppani.reports.urls")),
    path("", include("kumppani.privacy.urls")),
]
