"""Home answers one question: what is waiting for me? (design.md 4)"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy, pgettext_lazy

from kumppani.accounts.roles import ADMINISTRATOR, EVERY_ROLE, PARTNER, STAFF
from kumppani.audit.models import Action
from kumppani.audit.recorder import record_seen
from kumppani.core.views import AccessView
from kumppani.home.selectors import HOMES, job_states, own_partner


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


class JobList(AccessView):
    """What runs by itself, when it ran last, and whether it should have run since."""

    allowed_roles = STAFF | ADMINISTRATOR
    title = gettext_lazy("What runs by itself")
    lead = gettext_lazy("A worker does these in the background. What was missed is made up for, once.")
    template_name = "home/job_list.html"

    def get_back(self) -> tuple[str, str]:
        return reverse("home"), str(Home.title)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        jobs = job_states()
        return self.page(jobs=jobs, needs_a_look=any(job.needs_a_look for job in jobs))


class Me(AccessView):
    """The partner's own page; its address does not tell whose it is."""

    allowed_roles = PARTNER

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        partner = own_partner(self.actor)
        if partner is None:
            raise Http404
        return HttpResponseRedirect(partner.get_absolute_url())
