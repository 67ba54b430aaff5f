from django.urls import path

from tasks import views

urlpatterns = [
    path("assignments/", views.AssignmentList.as_view(), name="assignment_list"),
    path("assignments/new/", views.AssignmentCreate.as_view(), name="assignment_create"),
    path("assignments/<uuid:pk>/", views.AssignmentDetail.as_view(), name="assignment_detail"),
    path("assignments/<uuid:pk>/offer/", views.AssignmentOffer.as_view(), name="assignment_offer"),
    path("assignments/<uuid:pk>/complete/", views.AssignmentComplete.as_view(), name="assignment_complete"),
    path("assignments/<uuid:pk>/cancel/", views.AssignmentCancel.as_view(), name="assignment_cancel"),
    path(
        "participations/<uuid:pk>/answer/", views.ParticipationAnswer.as_view(), name="participation_answer"
    ),
    path("fees/", views.FeeList.as_view(), name="fee_list"),
    path("fees/<uuid:pk>/", views.FeeDetail.as_view(), name="fee_detail"),
    path("fees/<uuid:pk>/claim/", views.FeeClaim.as_view(), name="fee_claim"),
    path("fees/<uuid:pk>/approve/", views.FeeApprove.as_view(), name="fee_approve"),
    path("fees/<uuid:pk>/reject/", views.FeeReject.as_view(), name="fee_reject"),
]
