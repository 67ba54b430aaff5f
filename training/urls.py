from django.urls import path

from training.views import (
    applications,
    applying,
    attendance,
    cohorts,
    completion,
    feedback,
    links,
    papers,
    planning,
    programme,
    trainers,
)

urlpatterns = [
    # The street side, and one application behind its link
    path("training/", applying.TrainingPublic.as_view(), name="training_public"),
    path("training/<uuid:pk>/apply/", applying.ApplicationCreate.as_view(), name="application_create"),
    path("training/sent/", applying.ApplicationSent.as_view(), name="application_sent"),
    path("training/link/<str:token>/", links.ApplicationOpen.as_view(), name="application_open"),
    path("training/follow/", links.ApplicationFollow.as_view(), name="application_follow"),
    path("training/follow/withdraw/", links.ApplicationWithdraw.as_view(), name="application_withdraw"),
    path("training/feedback/", feedback.TrainingFeedback.as_view(), name="training_feedback"),
    path("training/link-renew/", links.ApplicationRenew.as_view(), name="application_renew"),
    path("training/link-renewed/", links.ApplicationRenewed.as_view(), name="application_renewed"),
    # Applications, for the staff
    path("applications/", applications.ApplicationList.as_view(), name="application_list"),
    path("applications/record/", applications.ApplicationRecord.as_view(), name="application_record"),
    path("applications/<uuid:pk>/", applications.ApplicationDetail.as_view(), name="application_detail"),
    path(
        "applications/<uuid:pk>/interview/",
        applications.ApplicationInterview.as_view(),
        name="application_interview",
    ),
    path(
        "applications/<uuid:pk>/accept/", applications.ApplicationAccept.as_view(), name="application_accept"
    ),
    path(
        "applications/<uuid:pk>/reserve/",
        applications.ApplicationReserve.as_view(),
        name="application_reserve",
    ),
    path(
        "applications/<uuid:pk>/reject/", applications.ApplicationReject.as_view(), name="application_reject"
    ),
    path(
        "applications/<uuid:pk>/withdraw/",
        applications.ApplicationWithdrawFor.as_view(),
        name="application_withdraw_for",
    ),
    path(
        "applications/<uuid:pk>/contact/",
        applications.ApplicationContact.as_view(),
        name="application_contact",
    ),
    path(
        "applications/<uuid:pk>/link/send/",
        applications.ApplicationLinkSend.as_view(),
        name="application_link_send",
    ),
    path(
        "application-links/<uuid:pk>/revoke/",
        applications.ApplicationLinkRevoke.as_view(),
        name="application_link_revoke",
    ),
    # Cohorts and their programme
    path("cohorts/", cohorts.CohortList.as_view(), name="cohort_list"),
    path("cohorts/new/", planning.CohortCreate.as_view(), name="cohort_create"),
    path("cohorts/<uuid:pk>/", cohorts.CohortDetail.as_view(), name="cohort_detail"),
    path("cohorts/<uuid:pk>/edit/", planning.CohortEdit.as_view(), name="cohort_edit"),
    path("cohorts/<uuid:pk>/open/", planning.CohortOpen.as_view(), name="cohort_open"),
    path("cohorts/<uuid:pk>/close/", planning.CohortClose.as_view(), name="cohort_close"),
    path("cohorts/<uuid:pk>/start/", planning.CohortStart.as_view(), name="cohort_start"),
    path("cohorts/<uuid:pk>/call-off/", planning.CohortCallOff.as_view(), name="cohort_call_off"),
    path("cohorts/<uuid:pk>/sessions/new/", programme.SessionCreate.as_view(), name="session_create"),
    path("cohorts/<uuid:pk>/programme/copy/", programme.ProgrammeCopy.as_view(), name="programme_copy"),
    path("cohorts/<uuid:pk>/programme/clear/", programme.ProgrammeClear.as_view(), name="programme_clear"),
    path("sessions/<uuid:pk>/edit/", programme.SessionEdit.as_view(), name="session_edit"),
    path("sessions/<uuid:pk>/call-off/", programme.SessionCallOff.as_view(), name="session_call_off"),
    path("sessions/<uuid:pk>/restore/", programme.SessionRestore.as_view(), name="session_restore"),
    path("sessions/<uuid:pk>/delete/", programme.SessionDelete.as_view(), name="session_delete"),
    path("trainers/", trainers.TrainerList.as_view(), name="trainer_list"),
    path("trainers/new/", trainers.TrainerCreate.as_view(), name="trainer_create"),
    path("trainers/<uuid:pk>/edit/", trainers.TrainerEdit.as_view(), name="trainer_edit"),
    # Attendance, completion, certificates, feedback
    path("cohorts/<uuid:pk>/completion/", completion.CohortCompletion.as_view(), name="cohort_completion"),
    path("cohorts/<uuid:pk>/complete/", completion.CohortComplete.as_view(), name="cohort_complete"),
    path("cohorts/<uuid:pk>/certificates/", papers.CohortCertificates.as_view(), name="cohort_certificates"),
    path("cohorts/<uuid:pk>/feedback/", feedback.CohortFeedbackPage.as_view(), name="cohort_feedback"),
    path("cohorts/<uuid:pk>/feedback/ask/", feedback.CohortAskFeedback.as_view(), name="cohort_ask_feedback"),
    path(
        "enrolments/<uuid:pk>/discontinue/",
        completion.EnrolmentDiscontinue.as_view(),
        name="enrolment_discontinue",
    ),
    path("enrolments/<uuid:pk>/certificate/", papers.Certificate.as_view(), name="certificate"),
    path("cohorts/<uuid:pk>/attendance/", attendance.AttendanceGrid.as_view(), name="attendance_grid"),
    path("sessions/<uuid:pk>/attendance/", attendance.SessionAttendance.as_view(), name="session_attendance"),
    path("sessions/<uuid:pk>/attendance/fill/", attendance.AttendanceFill.as_view(), name="attendance_fill"),
    path("attendance/<uuid:pk>/make-up/", attendance.AttendanceMakeUp.as_view(), name="attendance_make_up"),
]
