"""Readiness by date, leaving and coming back, supervision."""

import django.core.validators
import django.db.models.deletion
import kumppani.core.validators
import uuid
from django.db import migrations, models


def needed_since_published(apps, editor) -> None:
    """Until now a text was needed from the day on which it was published."""
    texts = apps.get_model("pairing", "CommitmentText").objects.filter(required_from__isnull=True)
    texts.update(required_from=models.F("published_on"))


class Migration(migrations.Migration):
    dependencies = [
        ("pairing", "0005_whole_life_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Supervision",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("individual", "individual supervision"),
                            ("group", "group supervision"),
                            ("debriefing", "debriefing"),
                        ],
                        default="group",
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                ("starts_at", models.TimeField(verbose_name="time")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=90,
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="length in minutes",
                    ),
                ),
                (
                    "leader",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[kumppani.core.validators.no_identity_code],
                        verbose_name="who leads it",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[kumppani.core.validators.no_identity_code],
                        verbose_name="place",
                    ),
                ),
                (
                    "link",
                    models.URLField(
                        blank=True,
                        help_text="To a meeting online.",
                        validators=[django.core.validators.URLValidator(schemes=["https"])],
                        verbose_name="link",
                    ),
                ),
                (
                    "is_cancelled",
                    models.BooleanField(default=False, editable=False, verbose_name="called off"),
                ),
            ],
            options={
                "verbose_name": "time of supervision",
                "verbose_name_plural": "times of supervision",
                "indexes": [models.Index(fields=["date", "id"], name="supervision_by_date")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["individual", "group", "debriefing"])),
                        name="supervision_kind_known",
                        violation_error_message="Choose the kind from the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 10), ("minutes__lte", 480)),
                        name="supervision_length_sensible",
                        violation_error_message="The length is from 10 minutes to 8 hours.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupervisionPresence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "invited"),
                            ("present", "was there"),
                            ("absent", "was not there"),
                        ],
                        default="invited",
                        max_length=10,
                        verbose_name="presence",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to="pairing.experiencepartner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "supervision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to="pairing.supervision",
                        verbose_name="time of supervision",
                    ),
                ),
            ],
            options={
                "verbose_name": "presence at supervision",
                "verbose_name_plural": "presences at supervision",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supervision", "partner"),
                        name="supervision_partner_once",
                        violation_error_message="This partner has been invited already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["invited", "present", "absent"])),
                        name="supervision_presence_known",
                        violation_error_message="Choose from the list.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="commitmenttext",
            name="required_from",
            field=models.DateField(null=True, verbose_name="needed from"),
        ),
        migrations.RunPython(needed_since_published, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="commitmenttext",
            name="required_from",
            field=models.DateField(verbose_name="needed from"),
        ),
        migrations.AddConstraint(
            model_name="commitmenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(("required_from__gte", models.F("published_on"))),
                name="commitment_text_needed_after_published",
                violation_error_message="A text cannot be needed before it has been published.",
            ),
        ),
        migrations.AddField(
            model_name="experiencepartner",
            name="leaving_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="leaving since"),
        ),
        migrations.AddField(
            model_name="experiencepartner",
            name="left_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="left"),
        ),
        migrations.AddField(
            model_name="experiencepartner",
            name="came_back_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="came back"),
        ),
        migrations.AddConstraint(
            model_name="experiencepartner",
            constraint=models.CheckConstraint(
                condition=models.Q(("leaving_on__isnull", True), ("is_available", False), _connector="OR"),
                name="partner_leaving_is_not_available",
                violation_error_message="Who is leaving, or has left, is not available.",
            ),
        ),
        migrations.AddConstraint(
            model_name="experiencepartner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_on__isnull", True),
                    models.Q(("leaving_on__isnull", False), ("leaving_on__lte", models.F("left_on"))),
                    _connector="OR",
                ),
                name="partner_left_after_leaving",
                violation_error_message="A partner has left only after the day of leaving.",
            ),
        ),
        migrations.AddConstraint(
            model_name="experiencepartner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("came_back_on__isnull", True),
                    ("leaving_on__isnull", True),
                    ("came_back_on__lte", models.F("leaving_on")),
                    _connector="OR",
                ),
                name="partner_leaves_after_coming_back",
                violation_error_message="A partner leaves again only after having come back.",
            ),
        ),
    ]
