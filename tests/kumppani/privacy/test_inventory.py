"""docs/privacy.md is what the models say."""

from io import StringIO
from pathlib import Path

from django.apps import apps
from django.core.management import call_command

from kumppani.privacy.inventory import declaration, markdown, models_in_order

ROOT = Path(__file__).resolve().parents[3]


def test_every_model_has_its_section():
    text = markdown()
    models = list(models_in_order())
    assert set(models) == set(apps.get_models())
    assert [model._meta.label for model in models if f"`{model._meta.label}`" not in text] == []


def test_every_declared_field_is_named():
    text = markdown()
    for model in models_in_order():
        section = text.split(f"`{model._meta.label}`")[1].split("\n## ")[0]
        assert [name for name in declaration(model).names() if f"`{name}`" not in section] == []


def test_inventory_is_in_english_whatever_the_reader_speaks():
    from django.utils import translation

    with translation.override("fi"):
        assert markdown() == markdown_in("en")


def markdown_in(language: str) -> str:
    from django.utils import translation

    with translation.override(language):
        return markdown()


def test_command_prints_the_document_that_is_committed():
    """Red when a model has changed: `make docs` writes it anew."""
    out = StringIO()
    call_command("privacy_inventory", stdout=out)
    assert out.getvalue() == (ROOT / "docs" / "privacy.md").read_text()
