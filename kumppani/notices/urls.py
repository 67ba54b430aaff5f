from django.urls import path

from kumppani.notices import views

urlpatterns = [
    path("notices/", views.NoticeList.as_view(), name="notice_list"),
    path("notices/read/", views.NoticeReadAll.as_view(), name="notice_read_all"),
    path("notices/<uuid:pk>/open/", views.NoticeOpen.as_view(), name="notice_open"),
]
