from django.urls import path

from kumppani.reports import views

urlpatterns = [
    path("report/", views.Report.as_view(), name="report"),
    path("report/rows/", views.ReportRows.as_view(), name="report_rows"),
]
