"""The room's doors."""

from django.urls import path

from pairing.views import meetings, people, relationships, requests, start_meeting

urlpatterns = [
    path("partners/", people.PartnerList.as_view(), name="partner_list"),
    path("partners/<uuid:pk>/", people.PartnerDetail.as_view(), name="partner_detail"),
    path(
        "partners/<uuid:pk>/availability/", people.PartnerAvailability.as_view(), name="partner_availability"
    ),
    path("partners/<uuid:pk>/account/", people.PartnerAccount.as_view(), name="partner_account"),
    path("enrolments/<uuid:pk>/take-in/", people.PartnerTakeIn.as_view(), name="partner_take_in"),
    path("commitments/<uuid:pk>/accept/", people.PartnerCommit.as_view(), name="partner_commit"),
    path("parents/<uuid:pk>/", people.ParentDetail.as_view(), name="parent_detail"),
    path("parents/<uuid:pk>/account/", people.ParentAccount.as_view(), name="parent_account"),
    path("requests/", requests.RequestList.as_view(), name="request_list"),
    path("requests/new/", requests.RequestCreate.as_view(), name="request_create"),
    path("requests/<uuid:pk>/", requests.RequestDetail.as_view(), name="request_detail"),
    path("requests/<uuid:pk>/propose/", requests.RequestPropose.as_view(), name="request_propose"),
    path("requests/<uuid:pk>/withdraw/", requests.RequestWithdraw.as_view(), name="request_withdraw"),
    path("pairs/", relationships.RelationshipList.as_view(), name="relationship_list"),
    path("pairs/<uuid:pk>/", relationships.RelationshipDetail.as_view(), name="relationship_detail"),
    path("pairs/<uuid:pk>/answer/", relationships.RelationshipAnswer.as_view(), name="relationship_answer"),
    path("pairs/<uuid:pk>/decide/", relationships.RelationshipDecide.as_view(), name="relationship_decide"),
    path(
        "pairs/<uuid:pk>/step-back/",
        relationships.RelationshipStepBack.as_view(),
        name="relationship_step_back",
    ),
    path("pairs/<uuid:pk>/end/", relationships.RelationshipEnd.as_view(), name="relationship_end"),
    path("pairs/<uuid:pk>/start/", start_meeting.StartMeetingPage.as_view(), name="start_meeting"),
    path(
        "pairs/<uuid:pk>/start/agree/",
        start_meeting.StartMeetingAcknowledge.as_view(),
        name="start_meeting_acknowledge",
    ),
    path(
        "agreements/<uuid:pk>/agree/",
        relationships.AgreementAcknowledge.as_view(),
        name="agreement_acknowledge",
    ),
    path("pairs/<uuid:pk>/meetings/log/", meetings.MeetingLog.as_view(), name="meeting_log"),
    path("pairs/<uuid:pk>/meetings/plan/", meetings.MeetingPlan.as_view(), name="meeting_plan"),
    path("meetings/", meetings.MeetingList.as_view(), name="meeting_list"),
    path("meetings/<uuid:pk>/", meetings.MeetingDetail.as_view(), name="meeting_detail"),
    path("meetings/<uuid:pk>/held/", meetings.MeetingHeld.as_view(), name="meeting_held"),
    path("meetings/<uuid:pk>/correct/", meetings.MeetingCorrect.as_view(), name="meeting_correct"),
    path("meetings/<uuid:pk>/not-held/", meetings.MeetingNotHeld.as_view(), name="meeting_not_held"),
]
