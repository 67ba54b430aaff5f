"""What the pages behind one-purpose links share (trust.md 1). A room says by `LinkMixin` which links, and where to.

Looking changes nothing: link checkers look too. The token leaves the address with the first request; the session holds
its hash.
"""

from typing import ClassVar

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator

from kumppani.accounts.links import PurposeLink
from kumppani.accounts.models import hash_token
from kumppani.core.limits import Limit, origin_of, take_all
from kumppani.core.states import MoveRefused
from kumppani.core.views import PublicPage


class LinkMixin:
    """Which links these pages are about, and the names of the pages around them."""

    link_model: ClassVar[type[PurposeLink]]
    session_key: ClassVar[str]  # where the session holds the hash
    follow_page: ClassVar[str]  # how things stand
    renew_page: ClassVar[str]
    renewed_page: ClassVar[str]
    window_title = ""  # tells nothing
    write_by = ""  # whose contact form opens

    def held(self) -> PurposeLink | None:
        """The link that this session holds, open or not."""
        return self.link_model.find(self.request.session.get(self.session_key, ""))

    def closed(self, link: PurposeLink | None = None) -> HttpResponse:
        """One page for a link that is revoked, for another address, or never was; a way on for one that is only too
        old."""
        words = {
            "may_renew": link is not None and link.can_renew,
            "renew_url": reverse(self.renew_page),
            "write_url": self.write_url(),
        }
        return render(self.request, "accounts/link_closed.html", words, status=404)

    def write_url(self) -> str:
        """The contact form."""
        return reverse("contact") + (f"?by={self.write_by}" if self.write_by else "")


class OpenLink(LinkMixin, PublicPage):
    """Take the token out of the address, so that it stays in no history and no referrer."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = self.link_model.find(hash_token(token))
        if link is None or not (link.is_open or link.can_renew):
            return self.closed()
        request.session[self.session_key] = link.token_hash
        response = redirect(self.follow_page)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


@method_decorator(login_not_required, name="dispatch")
class LinkPage(LinkMixin, PublicPage):
    """A page about what stands behind the link that the session holds (`self.link`)."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        link = self.held()
        if link is None or not link.is_open:
            return self.closed(link)
        self.link = link
        return super().dispatch(request, *args, **kwargs)

    def get_back(self) -> tuple[str, str]:
        return reverse(self.follow_page), str(self.window_title)

    def back(self) -> HttpResponse:
        """To the page that says how things stand."""
        return HttpResponseRedirect(reverse(self.follow_page))


class LinkDeed(LinkPage):
    """A button: GET says in words what will happen, POST does it. What is over leads back."""

    template_name = "accounts/link_deed.html"
    button = ""
    danger = False

    def is_open(self) -> bool:
        """Hook: whether the deed is still possible."""
        raise ImproperlyConfigured(f"{type(self).__name__} does not say when it is open")

    def deed(self) -> str:
        """Hook: do it, and return the sentence that says what was done."""
        raise ImproperlyConfigured(f"{type(self).__name__} does nothing")

    def consequences(self) -> list[str]:
        """Hook: what will happen, each a sentence."""
        return []

    def hidden(self) -> dict[str, str]:
        """Hook: what the button was pressed upon."""
        return {}

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.is_open():
            return self.back()
        return self.page(
            window_title=str(self.window_title),
            text=self.get_lead(),
            consequences=self.consequences(),
            button_label=str(self.button),
            danger=self.danger,
            hidden=self.hidden(),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            messages.success(request, self.deed())
        except MoveRefused as refused:
            messages.warning(request, str(refused))
        return self.back()


class RenewLink(LinkMixin, PublicPage):
    """A fresh link to the address on file, for one that has grown too old. It says the same whatever happens.

    `renew_from`: how often from one network; `renew_for`: how often for one record, so that nobody fills somebody's
    inbox.
    """

    renew_from: ClassVar[tuple[Limit, ...]]
    renew_for: ClassVar[tuple[Limit, ...]]

    def renew(self, token_hash: str) -> None:
        """Hook: send it, if the link may be renewed."""
        raise ImproperlyConfigured(f"{type(self).__name__} renews nothing")

    def post(self, request: HttpRequest) -> HttpResponse:
        link = self.held()
        may_ask = take_all(self.renew_from, origin_of(request)) and link is not None
        if may_ask and link.can_renew and take_all(self.renew_for, link.linked_id.hex):
            self.renew(link.token_hash)
        return redirect(self.renewed_page)


class LinkRenewed(LinkMixin, PublicPage):
    """Where the fresh link arrives, if one does."""

    template_name = "accounts/link_renewed.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(write_url=self.write_url())
