"""The bell: what has been told to this user in this role. Reading is a POST, because it changes something."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import EVERY_ROLE
from kumppani.core.paging import Page
from kumppani.core.views import AccessView, VisibleList, VisibleMixin
from kumppani.notices.kinds import KINDS
from kumppani.notices.models import Notice


class OwnNotices(VisibleMixin):
    """One's own notices, of kinds that are shown here (a letter that carries a link is not)."""

    allowed_roles = EVERY_ROLE
    model = Notice

    def get_queryset(self):
        return super().get_queryset().filter(kind__in=list(KINDS))


class NoticeList(OwnNotices, VisibleList):
    template_name = "notices/notice_list.html"
    title = _("Notices")
    shows_people = False  # a notice names nobody

    def extra(self, rows: Page) -> dict:
        for notice in rows:
            notice.title = KINDS[notice.kind].title
        return {}


class NoticeOpen(OwnNotices, AccessView):
    """Mark as read and go to what it is about."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        notice = self.get_object()
        self.get_queryset().unread().filter(pk=notice.pk).update(read_at=timezone.now())
        kind = KINDS[notice.kind]
        if not kind.visible(self.actor, notice.object_id):
            messages.info(request, gettext("This has been dealt with, or it is no longer yours to see."))
            return HttpResponseRedirect(reverse("notice_list"))
        return HttpResponseRedirect(kind.url(notice.object_id))


class NoticeReadAll(OwnNotices, AccessView):
    """Mark all of them as read."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.get_queryset().unread().update(read_at=timezone.now())
        messages.success(request, gettext("All your notices are marked as read."))
        return HttpResponseRedirect(reverse("notice_list"))
