from django.urls import path

from tasks.views import assignments, fees

urlpatterns = [
    path("assignments/", assignments.AssignmentList.as_view(), name="assignment_list"),
    path("assignments/new/", assignments.AssignmentCreate.as_view(), name="assignment_create"),
    path("assignments/<uuid:pk>/", assignments.AssignmentDetail.as_view(), name="assignment_detail"),
    path("assignments/<uuid:pk>/offer/", assignments.AssignmentOffer.as_view(), name="assignment_offer"),
    path(
        "assignments/<uuid:pk>/complete/",
        assignments.AssignmentComplete.as_view(),
        name="assignment_complete",
    ),
    path("assignments/<uuid:pk>/cancel/", assignments.AssignmentCancel.as_view(), name="assignment_cancel"),
    path(
        "participations/<uuid:pk>/answer/",
        assignments.ParticipationAnswer.as_view(),
        name="participation_answer",
    ),
    path("fees/", fees.FeeList.as_view(), name="fee_list"),
    path("fees/<uuid:pk>/", fees.FeeDetail.as_view(), name="fee_detail"),
    path("fees/<uuid:pk>/claim/", fees.FeeClaim.as_view(), name="fee_claim"),
    path("fees/<uuid:pk>/approve/", fees.FeeApprove.as_view(), name="fee_approve"),
    path("fees/<uuid:pk>/reject/", fees.FeeReject.as_view(), name="fee_reject"),
]
