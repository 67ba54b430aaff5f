from django.urls import path

from training import views

urlpatterns = [
    path("cohorts/", views.CohortList.as_view(), name="cohort_list"),
    path("cohorts/<uuid:pk>/", views.CohortDetail.as_view(), name="cohort_detail"),
]
