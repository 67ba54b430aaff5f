"""The person the data is about (trust.md 3)."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import PARENT, PARTNER
from kumppani.core.paging import paginate
from kumppani.core.views import VisibleList
from kumppani.privacy.selectors import by_day, in_words, uses_of_own_data


class WhoLooked(VisibleList):
    """Who has used my data: date, role and organisation, what, on what ground. Own looks are left out."""

    allowed_roles = PARENT | PARTNER
    template_name = "privacy/who_looked.html"
    title = _("Who has used my data")
    order = ("-at", "-id")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        rows = paginate(uses_of_own_data(self.actor), self.order, request.GET.get("page", ""))
        return self.page(**self.page_urls(rows), days=by_day(in_words(rows, role=self.actor.role)))

    def get_back(self) -> tuple[str, str]:
        return reverse("home"), str(_("Home"))
