"""The public directory: only what each partner lets be shown, field by field, and gone at once when withdrawn (A35)."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.querysets import VisibleQuerySet
from kumppani.core.states import AlreadyMoved
from kumppani.core.visitors import VISITOR
from pairing import services
from pairing.models import (
    Commitment,
    CommitmentText,
    ContactRequest,
    DirectoryConsent,
    DirectoryField,
    ExperiencePartner,
    Parent,
    Relationship,
    Topic,
)
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    CommitmentTextFactory,
    DirectoryConsentFactory,
    ExperiencePartnerFactory,
    TopicFactory,
    ready_partner,
    show,
)
from training.models import Cohort

pytestmark = pytest.mark.django_db

DIRECTORY = reverse("directory")
OWN_PAGE = reverse("directory_consent")


def page(url: str = DIRECTORY, client: Client | None = None, **query) -> str:
    return (client or Client()).get(url, query).content.decode()


def met(**query) -> set:
    """The partners on the list, by their public ids."""
    answer = Client().get(DIRECTORY, query)
    return {partner.public_id for partner, _facts in answer.context["partners"]}


@pytest.fixture
def theme():
    return TopicFactory(name_fi="Koulunkäynti")


@pytest.fixture
def phase():
    return TopicFactory(kind="life_phase", name_fi="Vauva")


@pytest.fixture
def aino(theme, phase):
    """A ready partner with an account who shows everything."""
    partner = ready_partner(
        first_name="Aino",
        last_name="Salasukunimi",
        area="Ähtärin keskusta",
        speaks_sv=True,
        introduction="Kävelen mielelläni.",
        user=user_in_role("partner", first_name="Aino"),
    )
    partner.topics.set([theme, phase])
    return show(partner)


class TestWhoIsThere:
    def test_who_has_ticked_something_is_there(self, aino):
        assert met() == {aino.public_id}

    @pytest.mark.parametrize(
        "why", ["no consent", "withdrawn", "on a break", "no principles", "a newer version", "no training"]
    )
    def test_who_is_not_ready_available_and_willing_is_not(self, aino, why):
        if why == "no consent":
            DirectoryConsent.objects.all().delete()
        elif why == "withdrawn":
            services.set_consents(partner=aino, by=actor_of(aino), shown=())
        elif why == "on a break":
            ExperiencePartner.objects.update(is_available=False)
        elif why == "no principles":
            Commitment.objects.filter(text__kind="principles").delete()
        elif why == "a newer version":
            CommitmentTextFactory(kind="undertaking", number=9999)
        else:
            type(aino.enrolment).objects.update(completed_on=None, status="attending")
        address = reverse("directory_partner", args=[aino.public_id])
        ask = reverse("contact_to", args=[aino.public_id])
        assert (met(), Client().get(address).status_code, Client().get(ask).status_code) == (set(), 404, 404)

    def test_who_is_hidden_is_as_if_there_never_was_such_a_partner(self, aino):
        hidden = ready_partner(first_name="Piilossa")
        answers = []
        for pk in (hidden.public_id, "00000000-0000-4000-8000-000000000000"):
            answer = Client().get(reverse("directory_partner", args=[pk]))
            text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
            answers.append((answer.status_code, text.replace(str(pk), "")))
        assert answers[0] == answers[1]

    def test_the_public_address_leads_to_no_other_page_and_the_inner_id_to_no_public_one(self, aino):
        staff = user_in_role("staff")
        client = Client()
        client.force_login(staff)
        assert client.get(reverse("partner_detail", args=[aino.public_id])).status_code == 404
        assert Client().get(reverse("directory_partner", args=[aino.pk])).status_code == 404
        assert str(aino.pk) not in page() + page(reverse("directory_partner", args=[aino.public_id]))


class TestWhatIsShown:
    WORDS = {
        "first_name": "Aino",
        "languages": "ruotsi",
        "area": "Ähtärin keskusta",
        "themes": "Koulunkäynti",
        "life_phases": "Vauva",
        "introduction": "Kävelen mielelläni.",
    }

    def shown(self, partner) -> set[str]:
        """Which words stand on the card and on the own page; the filters stand on the list anyway."""
        facts = Client().get(DIRECTORY).context["partners"][0][1]
        own_page = page(reverse("directory_partner", args=[partner.public_id]))
        found = {field for field, word in self.WORDS.items() if word in own_page}
        assert found == set(facts)
        return found

    @pytest.mark.parametrize("field", DirectoryField.values)
    def test_one_tick_shows_one_field_and_no_other(self, aino, field):
        """Control: leave the consent out of `public_facts`."""
        services.set_consents(partner=aino, by=actor_of(aino), shown=[field])
        assert self.shown(aino) == {field}

    @pytest.mark.parametrize("field", DirectoryField.values)
    def test_one_tick_taken_away_hides_this_field_at_the_very_next_request(self, aino, field):
        assert self.shown(aino) == set(DirectoryField.values)
        services.set_consents(partner=aino, by=actor_of(aino), shown=set(DirectoryField.values) - {field})
        assert self.shown(aino) == set(DirectoryField.values) - {field}

    def test_no_surname_no_address_no_inner_word(self, aino):
        text = page() + page(reverse("directory_partner", args=[aino.public_id]))
        assert [
            word for word in ("Salasukunimi", aino.user.email, str(aino.enrolment_id)) if word in text
        ] == []

    def test_a_topic_no_longer_in_use_is_not_shown(self, aino, theme):
        Topic.objects.filter(pk=theme.pk).update(is_active=False)
        assert "Koulunkäynti" not in page() + page(reverse("directory_partner", args=[aino.public_id]))

    def test_everybody_reads_the_same(self, people):
        """Staff see no more on this page than a stranger. Control: give the page the request's actor."""
        facts = {
            name: [
                (partner.pk, shown)
                for partner, shown in people.client_for(name).get(DIRECTORY).context["partners"]
            ]
            for name in ("anonymous", "staff", "worker", "partner", "administrator")
        }
        assert all(found == facts["anonymous"] for found in facts.values())
        assert len(facts["anonymous"]) == 2

    def test_the_title_names_nobody(self, aino):
        text = page(reverse("directory_partner", args=[aino.public_id]))
        assert "Aino" not in re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1]

    def test_nothing_is_left_in_a_cache(self, aino):
        assert Client().get(DIRECTORY).headers["Cache-Control"] == "no-store"


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"language": "sv"}, "languages"),
            ({"area": "keskusta"}, "area"),
            ({"area": "ähtäri"}, "area"),
            ({"area": "KESKUSTA ähtärin"}, "area"),
            ({"theme": "theme"}, "themes"),
            ({"life_phase": "phase"}, "life_phases"),
        ],
    )
    def test_a_filter_finds_only_by_what_is_shown(self, aino, theme, phase, query, field):
        """A filter must not tell by its answer what the card hides. Control: drop `showing` from `narrow`."""
        codes = {"theme": theme.code, "phase": phase.code}
        query = {name: codes.get(value, value) for name, value in query.items()}
        assert met(**query) == {aino.public_id}
        services.set_consents(partner=aino, by=actor_of(aino), shown=set(DirectoryField.values) - {field})
        assert met(**query) == set()
        assert met() == {aino.public_id}

    @pytest.mark.parametrize(
        "query",
        [{"language": "en"}, {"area": "Turku"}, {"area": "keskusta Turku"}, {"theme": "other"}],
    )
    def test_who_does_not_fit_is_not_found(self, aino, query):
        TopicFactory(code="other")
        assert met(**query) == set()

    def test_filters_add_up(self, aino, theme, phase):
        other = show(ready_partner(first_name="Leo", area="Ähtäri"))
        assert met(area="ähtäri") == {aino.public_id, other.public_id}
        assert met(area="ähtäri", theme=theme.code, life_phase=phase.code, language="sv") == {aino.public_id}

    @pytest.mark.parametrize(
        "query",
        [
            {"language": "zz"},
            {"theme": "no-such"},
            {"area": "x" * 500},
            {"page": "10**9"},
            {"theme": "\x00"},
            {"area": "a\x00b"},
        ],
    )
    def test_what_makes_no_sense_is_passed_over(self, aino, query):
        answer = Client().get(DIRECTORY, query)
        assert (answer.status_code, len(answer.context["partners"])) == (200, 1)

    def test_an_empty_answer_says_what_to_do(self, aino):
        text = page(language="en")
        assert f'href="{reverse("contact")}"' in text
        assert f'href="{DIRECTORY}"' in text


class TestPages:
    def test_everybody_comes_once_over_the_pages(self):
        partners = [show(ready_partner(), "first_name") for _number in range(5)]
        from pairing.views import public

        seen, url = [], DIRECTORY
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(public, "PER_PAGE", 2)
            while url:
                answer = Client().get(url)
                seen += [partner.pk for partner, _facts in answer.context["partners"]]
                url = DIRECTORY + answer.context["older_url"] if answer.context["older_url"] else ""
        assert (len(seen), set(seen)) == (5, {partner.pk for partner in partners})

    def test_the_order_tells_no_name(self):
        """Whoever hides the name must not be found out by the neighbours."""
        for name in ("Anna", "Mikko", "Ylva"):
            show(ready_partner(first_name=name), "languages")
        listed = [partner.public_id for partner, _facts in Client().get(DIRECTORY).context["partners"]]
        assert listed == sorted(listed)

    def test_questions_do_not_grow_with_the_partners(self, aino):
        def questions() -> int:
            with CaptureQueriesContext(connection) as asked:
                Client().get(DIRECTORY, {"language": "fi", "area": "keskusta"})
            return len(asked)

        questions()
        few = questions()
        for _number in range(10):
            other = show(ready_partner(area="Toinen keskusta"))
            other.topics.set(Topic.objects.all())
        assert questions() <= few <= 12


class TestVisitor:
    def test_of_almost_everything_a_visitor_sees_nothing(self, people):
        """Control: give any queryset a `_for_visitor`."""
        from tests.access.test_visible_to import MODELS

        askable = [model for model in MODELS if isinstance(model._default_manager.all(), VisibleQuerySet)]
        seen = {model for model in askable if model._default_manager.visible_to(VISITOR).exists()}
        assert seen == {ExperiencePartner, Topic, CommitmentText, Cohort}
        assert not Parent.objects.visible_to(VISITOR).exists()
        assert not Relationship.objects.visible_to(VISITOR).exists()
        assert not ContactRequest.objects.visible_to(VISITOR).exists()

    def test_the_current_principles_stand_on_their_page_and_the_undertaking_does_not(self):
        CommitmentTextFactory(kind="principles", number=1, text_fi="Vanhat sanat\nEnnen.")
        CommitmentTextFactory(
            kind="principles", number=2, text_fi="Olen vertainen\nKuuntelen.\n\nVain otsikko"
        )
        CommitmentTextFactory(kind="undertaking", number=1, text_fi="Vaitiolo\nLupaan.")
        answer = Client().get(reverse("principles"))
        assert answer.context["parts"] == [
            {"head": "Olen vertainen", "words": "Kuuntelen."},
            {"head": "Vain otsikko", "words": ""},
        ]
        text = answer.content.decode()
        assert [word for word in ("Vanhat sanat", "Vaitiolo") if word in text] == []

    def test_without_principles_the_page_says_so(self):
        assert Client().get(reverse("principles")).context["parts"] == []


# --- the partner's own page -------------------------------------------------------------------------------
def actor_of(partner):
    from kumppani.accounts.actor import actor_for

    return actor_for(partner.user, "partner")


def client_of(partner) -> Client:
    client = Client()
    client.force_login(partner.user)
    return client


@pytest.fixture
def shy(theme, phase):
    """A ready partner with an account who has ticked nothing yet."""
    return ready_partner(first_name="Ujo", area="Turku", user=user_in_role("partner", first_name="Ujo"))


def words(client, **changes) -> dict:
    """What the form sends when nothing is changed, and the changes."""
    form = client.get(OWN_PAGE).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False, "")}
    sent |= {name: "on" for name, value in sent.items() if value is True}
    return {name: value for name, value in (sent | changes).items() if value not in (None, False)}


def save(client, **changes):
    return client.post(OWN_PAGE, words(client, **changes))


def open_fields(partner) -> set[str]:
    return set(DirectoryConsent.objects.open().filter(partner=partner).values_list("field", flat=True))


class TestOwnPage:
    def test_nothing_is_ticked_at_first(self, shy):
        answer = client_of(shy).get(OWN_PAGE)
        assert (answer.context["facts"], answer.context["is_shown"]) == ({}, False)
        assert not any(answer.context["form"][f"show_{field}"].value() for field in DirectoryField)

    def test_words_and_ticks_are_saved_and_seen_at_once(self, shy, theme):
        client = client_of(shy)
        answer = save(
            client,
            introduction="Minun kanssani saa olla hiljaa.",
            themes=[theme.code],
            languages=["fi", "en"],
            area="Salo",
            show_introduction="on",
            show_languages="on",
        )
        assert (answer.status_code, answer.url) == (302, OWN_PAGE)
        shy.refresh_from_db()
        assert (shy.introduction, shy.area, shy.speaks_en, list(shy.topics.all())) == (
            "Minun kanssani saa olla hiljaa.",
            "Salo",
            True,
            [theme],
        )
        assert open_fields(shy) == {"introduction", "languages"}
        facts = Client().get(DIRECTORY).context["partners"][0][1]
        assert facts == {
            "introduction": "Minun kanssani saa olla hiljaa.",
            "languages": shy.languages,
        }

    def test_a_tick_taken_away_is_kept_as_a_dated_row(self, aino):
        save(client_of(aino), show_area=None)
        withdrawn = DirectoryConsent.objects.get(partner=aino, field="area")
        assert withdrawn.withdrawn_at is not None
        assert open_fields(aino) == set(DirectoryField.values) - {"area"}
        save(client_of(aino), show_area="on")
        assert DirectoryConsent.objects.filter(partner=aino, field="area").count() == 2

    def test_one_touch_takes_everything_back_and_keeps_the_words(self, aino):
        answer = client_of(aino).post(reverse("directory_withdraw"))
        aino.refresh_from_db()
        assert (answer.status_code, answer.url, open_fields(aino), met(), aino.introduction) == (
            302,
            OWN_PAGE,
            set(),
            set(),
            "Kävelen mielelläni.",
        )

    def test_a_tick_on_nothing_is_asked_about(self, shy):
        answer = save(client_of(shy), show_introduction="on", introduction="")
        assert (answer.status_code, list(answer.context["form"].errors), open_fields(shy)) == (
            422,
            ["introduction"],
            set(),
        )

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"introduction": "x" * 401}, "introduction"),
            ({"introduction": "010190-123A"}, "introduction"),
            ({"introduction": "a\x00b"}, "introduction"),
            ({"languages": None}, "languages"),
            ({"themes": ["no-such"]}, "themes"),
            ({"area": "x" * 81}, "area"),
        ],
    )
    def test_what_is_wrong_is_said_next_to_the_field(self, shy, changes, field):
        answer = save(client_of(shy), **changes)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    def test_a_life_phase_is_no_theme(self, shy, phase):
        answer = save(client_of(shy), themes=[phase.code])
        assert list(answer.context["form"].errors) == ["themes"]

    def test_a_topic_no_longer_in_use_stays_with_who_has_chosen_it(self, aino, theme):
        Topic.objects.filter(pk=theme.pk).update(is_active=False)
        assert save(client_of(aino)).status_code == 302
        assert theme in aino.topics.all()

    def test_the_second_of_two_editors_is_told_and_keeps_the_words(self, aino):
        client = client_of(aino)
        old = words(client, introduction="Toiset sanat.")
        save(client, introduction="Ensimmäiset sanat.")
        answer = client.post(OWN_PAGE, old)
        aino.refresh_from_db()
        assert (answer.status_code, aino.introduction, answer.context["form"]["introduction"].value()) == (
            409,
            "Ensimmäiset sanat.",
            "Toiset sanat.",
        )

    def test_a_double_tap_gives_one_consent(self, shy):
        client = client_of(shy)
        sent = words(client, show_area="on")
        assert [client.post(OWN_PAGE, sent).status_code for _tap in range(2)] == [302, 302]
        assert DirectoryConsent.objects.filter(partner=shy).count() == 1

    def test_the_card_says_why_it_is_not_shown(self, aino):
        Commitment.objects.filter(partner=aino).first().delete()
        answer = client_of(aino).get(OWN_PAGE)
        assert (answer.context["is_shown"], len(answer.context["missing"])) == (False, 1)

    def test_somebody_else_can_neither_tick_nor_take_back(self, aino, shy):
        """The staff cannot tick for the partner, in no way. Control: drop `_own` from the services."""
        staff = user_in_role("staff")
        from kumppani.accounts.actor import actor_for

        for by in (actor_for(staff, "staff"), actor_of(shy)):
            with pytest.raises(PermissionDenied):
                services.set_consents(partner=aino, by=by, shown=())
            with pytest.raises(PermissionDenied):
                services.save_public_self(
                    partner=aino, by=by, seen_version=aino.version, shown=(), topics=(), introduction="Muuta"
                )
        without_account = ready_partner()
        with pytest.raises(PermissionDenied):
            services.set_consents(partner=without_account, by=actor_for(staff, "staff"), shown=["area"])
        assert open_fields(aino) == set(DirectoryField.values)

    def test_a_save_on_an_old_version_is_refused(self, aino):
        with pytest.raises(AlreadyMoved):
            services.save_public_self(
                partner=aino, by=actor_of(aino), seen_version=aino.version + 1, shown=(), topics=()
            )

    def test_every_consent_leaves_a_row_with_the_field_and_without_the_words(self, shy):
        save(client_of(shy), introduction="Salaisuus", show_introduction="on")
        save(client_of(shy), show_introduction=None)
        rows = AuditEvent.objects.filter(object_kind="pairing.directoryconsent").order_by("at", "id")
        assert [(row.action, row.detail, row.actor_id, row.about_id) for row in rows] == [
            ("create", "introduction", shy.user_id, shy.pk),
            ("change", "introduction", shy.user_id, shy.pk),
        ]
        assert "Salaisuus" not in repr(list(AuditEvent.objects.values()))


class TestConstraints:
    def test_one_open_consent_a_field(self, aino):
        with pytest.raises(IntegrityError), transaction.atomic():
            DirectoryConsentFactory(partner=aino, field="area")

    def test_a_public_id_is_one_partners(self, aino):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExperiencePartnerFactory(public_id=aino.public_id)
