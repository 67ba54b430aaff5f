"""Home answers one question: what is waiting for me? (design.md 4)"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import pgettext_lazy

from kumppani.accounts.roles import EVERY_ROLE, PARTNER
from kumppani.audit.models import Action
from kumppani.audit.recorder import record_seen
from kumppani.core.views import AccessView
from kumppani.home.selectors import HOMES, own_partner


@method_decorator(login_not_required, name="dispatch")
class Home(AccessView):
    """For a stranger the front page, for everybody else what waits in the present role."""

    allowed_roles = EVERY_ROLE
    title = pgettext_lazy("place", "Home")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.method not in ("GET", "HEAD"):
                return self.http_method_not_allowed(request)
            return render(request, "public/front.html")
        if request.actor is None:
            # Signed in, but every role has ended: a friendly page that shows nothing.
            request.access_asked = True
            return render(request, "home/no_role.html")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        scene = HOMES[self.actor.role](self.actor)
        record_seen(self.actor, Action.LIST, scene.pop("seen"))
        self.template_name = f"home/{self.actor.role}.html"
        return self.page(**scene)


class Me(AccessView):
    """The partner's own page; its address does not tell whose it is."""

    allowed_roles = PARTNER

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        partner = own_partner(self.actor)
        if partner is None:
            raise Http404
        return HttpResponseRedirect(partner.get_absolute_url())
