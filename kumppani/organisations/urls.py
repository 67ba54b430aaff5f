from django.urls import path

from kumppani.organisations import views

urlpatterns = [
    path("organisations/", views.OrganisationList.as_view(), name="organisation_list"),
    path("organisations/new/", views.OrganisationCreate.as_view(), name="organisation_create"),
    path("organisations/<uuid:pk>/edit/", views.OrganisationEdit.as_view(), name="organisation_edit"),
    path("grants/", views.GrantList.as_view(), name="grant_list"),
    path("grants/new/", views.GrantCreate.as_view(), name="grant_create"),
    path("grants/<uuid:pk>/edit/", views.GrantEdit.as_view(), name="grant_edit"),
]
