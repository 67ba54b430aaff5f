from django.urls import path

from training.views import cohorts

urlpatterns = [
    path("cohorts/", cohorts.CohortList.as_view(), name="cohort_list"),
    path("cohorts/<uuid:pk>/", cohorts.CohortDetail.as_view(), name="cohort_detail"),
]
