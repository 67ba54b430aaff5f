"""`manage.py install_defaults`: what a new programme begins with."""

from io import StringIO

import pytest
from django.core.management import call_command

from pairing.models import CommitmentText, GuideText, LegalGround
from tasks.models import AssignmentKind, FeeRule

pytestmark = pytest.mark.django_db


def install() -> str:
    said = StringIO()
    call_command("install_defaults", stdout=said)
    return said.getvalue()


def test_a_new_programme_gets_grounds_texts_and_kinds_and_no_amounts():
    assert install().startswith("53 rows made.")
    assert set(LegalGround.objects.values_list("code", flat=True)) == {
        "child-welfare-open-care",
        "social-welfare-act",
        "other",
    }
    assert set(CommitmentText.objects.values_list("kind", "number")) == {
        ("principles", 1),
        ("undertaking", 1),
    }
    assert set(GuideText.objects.values_list("kind", "number")) == {("ground_rules", 1), ("concern", 1)}
    assert dict(AssignmentKind.objects.values_list("code", "category")) == {
        "working-group-member": "development",
        "panellist": "influence",
        "lecturer": "influence",
        "trainer": "development",
        "recruitment-interviewer": "development",
        "training-planner": "development",
        "team-meeting": "acquaintance",
        "office-meeting": "acquaintance",
    }
    assert not FeeRule.objects.exists()


def test_every_row_is_whole_in_three_languages():
    install()
    for model in (LegalGround, CommitmentText, GuideText, AssignmentKind):
        for row in model.objects.all():
            row.full_clean()
    for text in [*CommitmentText.objects.all(), *GuideText.objects.all()]:
        assert [
            text.text_fi.splitlines()[-1],
            text.text_sv.splitlines()[-1],
            text.text_en.splitlines()[-1],
        ] == [
            "Ohjelman vahvistettava: tämä on palvelun mukana tullut pohjateksti.",
            "Bekräftas av programmet: det här är en utgångstext som följde med tjänsten.",
            "To be confirmed by the programme: this is the starting text that came with the service.",
        ]


def test_running_it_again_changes_nothing_the_programme_has_made_its_own():
    install()
    AssignmentKind.objects.filter(code="lecturer").update(name_fi="Puhuja", is_active=False)
    CommitmentText.objects.filter(kind="principles").update(text_fi="Ohjelman omat sanat.")
    assert install() == "Everything was there already; nothing was changed.\n"
    assert AssignmentKind.objects.get(code="lecturer").name_fi == "Puhuja"
    assert CommitmentText.objects.get(kind="principles").text_fi == "Ohjelman omat sanat."
