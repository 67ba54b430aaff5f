from django.urls import path

from training.views import attendance, cohorts, planning, programme, trainers

urlpatterns = [
    path("cohorts/", cohorts.CohortList.as_view(), name="cohort_list"),
    path("cohorts/new/", planning.CohortCreate.as_view(), name="cohort_create"),
    path("cohorts/<uuid:pk>/attendance/", attendance.AttendanceGrid.as_view(), name="attendance_grid"),
    path(
        "sessions/<uuid:pk>/attendance/", attendance.SessionAttendance.as_view(), name="session_attendance"
    ),
    path(
        "sessions/<uuid:pk>/attendance/fill/", attendance.AttendanceFill.as_view(), name="attendance_fill"
    ),
    path(
        "attendance/<uuid:pk>/make-up/", attendance.AttendanceMakeUp.as_view(), name="attendance_make_up"
    ),
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
]
