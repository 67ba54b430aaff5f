"""The bases of our views. A view has four moves: find, ask, do, answer.

`VisibleList`, `VisibleDetail` – look; `VisibleForm` – make or change; `DeedView` – a button with a confirming page.
All of them find through `visible_to(actor)`, so list, page, form and deed cannot disagree about who may see what.
Not visible → 404; visible, but not this role's to do → 403.

`PublicPage`, `PublicForm` – the same for everybody, without signing in; `StrangersForm` with limits.
"""

from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from kumppani.audit.models import Action
from kumppani.audit.recorder import record, record_seen
from kumppani.core.limits import Limit, origin_of, take_all
from kumppani.core.models import BaseModel, KeptWords, Submission
from kumppani.core.paging import Page, paginate
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.submissions import digest_of, new_token, once, read_token, seconds_open
from kumppani.core.visitors import VISITOR

# Hidden fields by which a form says what it was filled in from.
SEEN = ("seen_version", "seen_revision", "seen_number")


class AccessView(View):
    """The door: every view names the roles it opens to. There is no default."""

    allowed_roles: ClassVar[frozenset[str] | set[str]]
    template_name: str = ""
    title: str = ""
    lead: str = ""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.actor = request.actor
        request.access_asked = True
        if self.actor is None or self.actor.role not in self.allowed_roles:
            record(self.actor, Action.DENIED, detail=request.resolver_match.view_name or "")
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def only_looks(self) -> bool:
        """Whether this request shows something and does nothing."""
        return self.request.method in ("GET", "HEAD")

    def get_title(self) -> str:
        """The page's h1 and, without names, its window title."""
        return str(self.title)

    def get_lead(self) -> str:
        """A sentence under the h1, or nothing."""
        return str(self.lead)

    def get_kicker(self) -> str:
        """A small line above the h1: whose page this is, where the reader has many; or nothing."""
        return ""

    def get_back(self) -> tuple[str, str]:
        """(url, label) of the way back; empty strings where there is none."""
        return "", ""

    def context(self, **extra) -> dict:
        """What every page gets."""
        back_url, back_label = self.get_back()
        return {
            "title": self.get_title(),
            "lead": self.get_lead(),
            "kicker": self.get_kicker(),
            "back_url": back_url,
            "back_label": back_label,
            **extra,
        }

    def page(self, status: int = 200, **extra) -> HttpResponse:
        """Draw the template."""
        return render(self.request, self.template_name, self.context(**extra), status=status)


@method_decorator(login_not_required, name="dispatch")
class PublicPage(AccessView):
    """A page for everybody: it shows what a stranger may see, and nothing more to those who are signed in."""

    allowed_roles = frozenset({VISITOR.role})

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.actor = VISITOR
        request.access_asked = True
        return View.dispatch(self, request, *args, **kwargs)


class VisibleMixin:
    """Finding through `visible_to`."""

    model: type[BaseModel]

    def get_queryset(self) -> models.QuerySet:
        """Everything of this model that the actor may see. Narrow with `super().get_queryset().filter(…)`."""
        return self.model._default_manager.visible_to(self.actor)

    def get_object(self) -> BaseModel:
        """The record of the url, or 404, the same answer for a foreign one and one that never was."""
        found = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            record(self.actor, Action.DENIED, detail=self.request.resolver_match.view_name or "")
            raise Http404
        return found


class VisibleList(VisibleMixin, AccessView):
    """A list, paged by key. `order` ends with a unique field."""

    order: tuple[str, ...] = ("-created_at", "-id")
    # Lists that show persons leave a trace; a list of cohorts or organisations need not.
    shows_people = True

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        queryset = self.get_queryset()
        rows = paginate(queryset, self.order, request.GET.get("page", ""))
        if self.shows_people:
            record_seen(self.actor, Action.LIST, rows)
        return self.page(**self.page_urls(rows), rows=rows, **self.extra(rows))  # noqa: S610 – our hook

    def extra(self, rows: Page) -> dict:
        """Hook: more for the template."""
        return {}

    def page_urls(self, rows: Page) -> dict[str, str]:
        """The links to the neighbouring pages, with the present filters kept."""
        urls = {}
        for name, cursor in (("newer_url", rows.newer), ("older_url", rows.older)):
            query = self.request.GET.copy()
            query["page"] = cursor or ""
            urls[name] = f"?{query.urlencode()}" if cursor else ""
        return urls


class VisibleDetail(VisibleMixin, AccessView):
    """One record's page; a look at a person's data leaves a row."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.object = self.get_object()
        record_seen(self.actor, Action.VIEW, [self.object], listed=self.listed())
        return self.page(object=self.object, **self.extra())

    def listed(self) -> Iterable:
        """Hook: other records about persons that the page lists; they leave their rows in the same insert."""
        return ()

    def extra(self) -> dict:
        """Hook: more for the template."""
        return {}


class FormPage(AccessView):
    """A form that does one thing once. Subclasses say what `deed(form)` does and how to `answer`."""

    form_class: type
    submit_label: str = ""
    template_name = "components/form_page.html"

    def find(self) -> None:
        """Hook: find what the form is about, with `visible_to`, before anything else."""

    def get_form(self, data=None):
        kwargs = {"actor": self.actor, **self.form_kwargs()}
        return self.form_class(data, **kwargs)

    def form_kwargs(self) -> dict:
        """Hook: instance, initial."""
        return {}

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.find()
        kept = self.kept_words().order_by("-at").first()
        form = self.get_form()
        if kept:
            form = self.with_kept_words(form, kept)
        return self.form_page(form)

    def kept_words(self) -> models.QuerySet:
        """What this user had typed here when a session ran out."""
        return KeptWords.objects.filter(user_id=self.actor.user_id, path=self.request.path)

    def form_page(self, form, status: int = 200) -> HttpResponse:
        """Draw the form."""
        return self.page(status=status, form=form, submit_label=str(self.submit_label), **self.extra())

    def with_kept_words(self, form, kept: KeptWords):
        """Give back what was typed when the session ran out."""
        for name, field in form.fields.items():
            values = kept.words.get(form.add_prefix(name))
            if values is None or name in ("submission", *SEEN):
                continue
            several = getattr(field.widget, "allow_multiple_selected", False)
            form.initial[name] = values if several else values[-1]
        messages.info(
            self.request, _("You were signed out in between. Your words are here: check them and save.")
        )
        return form

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            self.find()
        except (Http404, PermissionDenied):
            # A second tap on a form whose first tap closed the door behind it, such as a "no" to a pair.
            if self.earlier_submission() is None:
                raise
            messages.info(request, _("This was saved a moment ago."))
            return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
        earlier = self.earlier_submission()
        if earlier is not None and earlier.purpose == self.purpose():
            if earlier.digest == digest_of(request.POST):
                return self.answer(earlier.object_id)
            # Back, other words, sent again: neither lost nor written over what was saved.
            form = self.get_form(self.with_fresh_token(request.POST))
            form.is_valid()
            form.add_error(
                None, _("This form was saved a moment ago with other words. Save again if both are wanted.")
            )
            return self.form_page(form, status=409)
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.form_page(form, status=422)
        try:
            made, _done_now = once(
                form.token,
                by=self.actor,
                purpose=self.purpose(),
                digest=digest_of(request.POST),
                deed=lambda: self.deed(form),
            )
        except AlreadyMoved as refused:
            form = self.with_what_is_saved_now(request.POST)
            form.is_valid()
            form.add_error(None, str(refused))
            return self.form_page(form, status=409)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
            return self.form_page(form, status=409)
        except ValidationError as error:
            self.add_errors(form, error)
            return self.form_page(form, status=422)
        self.kept_words().delete()
        return self.answer(made)

    def with_fresh_token(self, data):
        """What was sent, under a token that has not been used."""
        data = data.copy()
        data["submission"] = new_token(self.actor.user_id)
        return data

    def with_what_is_saved_now(self, data):
        """The typed words once more, now on top of what somebody else has saved: saving again is a decision."""
        self.find()
        data, fresh = data.copy(), self.get_form()
        for name in SEEN:
            if name in data and name in fresh.fields:
                data[name] = fresh[name].value()
        return self.get_form(data)

    def earlier_submission(self) -> Submission | None:
        """What this very form of this very user has done before: a second sending gets the same truthful answer."""
        token = read_token(self.request.POST.get("submission", ""))
        if token is None:
            return None
        return Submission.objects.filter(token=token[0], user_id=self.actor.user_id).first()

    @staticmethod
    def add_errors(form, error: ValidationError) -> None:
        """Put a model's refusal next to the fields it speaks of, or on top when the form has no such field."""
        if not hasattr(error, "error_dict"):
            form.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)

    def purpose(self) -> str:
        """What the token is for: this form, on this page."""
        return self.request.resolver_match.view_name

    def deed(self, form) -> object:
        """Do it: one call of a model method or a service. Returns what was made."""
        raise ImproperlyConfigured(f"{type(self).__name__} does nothing")

    def answer(self, made) -> HttpResponse:
        """Say what was saved, in words, and go on. `made` is the id of what the deed returned."""
        raise ImproperlyConfigured(f"{type(self).__name__} does not answer")

    def extra(self) -> dict:
        """Hook: more for the template."""
        return {}

    def done(self, message: str, url: str) -> HttpResponse:
        """Redirect with a sentence."""
        messages.success(self.request, message)
        return HttpResponseRedirect(url)


class PublicForm(PublicPage, FormPage):
    """A form for everybody. Its token is nobody's; it has no session that could run out, so no words are kept."""

    def kept_words(self) -> models.QuerySet:
        return KeptWords.objects.none()


class StrangersForm(PublicForm):
    """A form by which a stranger makes a row: not quicker than a person, and not oftener than `limits`."""

    limits: ClassVar[tuple[Limit, ...]] = ()
    # Nobody reads and fills in a form in less. A program does.
    fastest_person = 3

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.find()
        if self.earlier_submission() is None:
            form = self.get_form(request.POST)
            if form.is_valid():
                if seconds_open(form.cleaned_data["submission"]) < self.fastest_person:
                    form.add_error(None, _("That was quick. Look at your words once more, then send again."))
                    return self.form_page(form, status=422)
                if not take_all(self.limits, origin_of(request)):
                    return self.too_many(form)
        return super().post(request, *args, **kwargs)

    def too_many(self, form) -> HttpResponse:
        """A kind sentence, and every word still in its place."""
        form.add_error(
            None,
            _(
                "Many messages have come from your network, so this one has not been sent yet. Nothing is lost: leave"
                " this page open, wait an hour, and send again."
            ),
        )
        response = self.form_page(form, status=429)
        response.headers["Retry-After"] = str(self.limits[0].seconds)
        return response


class VisibleForm(VisibleMixin, FormPage):
    """A form about the record of the url (`self.object`)."""

    def find(self) -> None:
        self.object = self.get_object()
        if self.only_looks:
            record_seen(self.actor, Action.VIEW, [self.object])
        if not self.may():
            record(self.actor, Action.DENIED, self.object, detail=self.request.resolver_match.view_name or "")
            raise PermissionDenied

    def may(self) -> bool:
        """Hook: `self.object.can_…(actor)`; visible, but not yours to do → 403."""
        return True

    def extra(self) -> dict:
        return {**super().extra(), "object": self.object}

    def purpose(self) -> str:
        return f"{super().purpose()}:{self.object.pk}"[:80]


class DeedView(VisibleMixin, AccessView):
    """A button: GET shows in words what will happen, POST does it.

    Safe to press twice: the second press meets the new state and gets a clear sentence.
    """

    template_name = "components/deed_page.html"
    question: str = ""
    button: str = ""
    danger = False

    def may(self) -> bool:
        """Hook: `self.object.can_…(actor)`."""
        return True

    def find(self) -> None:
        self.object = self.get_object()
        if not self.may():
            record(self.actor, Action.DENIED, self.object, detail=self.request.resolver_match.view_name or "")
            raise PermissionDenied

    def get_title(self) -> str:
        return str(self.question)

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), ""

    def consequences(self) -> list[str]:
        """Hook: what will happen, each a sentence."""
        return []

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.find()
        record_seen(self.actor, Action.VIEW, [self.object])
        return self.page(
            object=self.object,
            text=self.get_lead(),
            consequences=self.consequences(),
            button_label=str(self.button),
            danger=self.danger,
            hidden={},
        )

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.find()
        try:
            with transaction.atomic():
                message = self.deed()
        except MoveRefused as refused:
            messages.warning(request, str(refused))
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, message)
        return HttpResponseRedirect(self.get_success_url())

    def deed(self) -> str:
        """Do it and return the sentence that says what was done."""
        raise ImproperlyConfigured(f"{type(self).__name__} does nothing")

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()
