"""What a new house of this room begins with: the kinds of assignment named in A6–A9, A15 and B23.

The list is open (A10): the programme adds, renames and retires kinds. No fee rules are shipped, because no amounts
are known (domain 3.2): the programme sets its own. `manage.py install_defaults` puts the kinds in place.
"""

from tasks.models import AssignmentKind, Category

ASSIGNMENT_KINDS = [
    {
        "code": "working-group-member",
        "name_fi": "Kehittämistyöryhmän jäsen",
        "name_sv": "Medlem i utvecklingsarbetsgrupp",
        "name_en": "Member of a development working group",
        "category": Category.DEVELOPMENT,
    },
    {
        "code": "panellist",
        "name_fi": "Panelisti",
        "name_sv": "Paneldeltagare",
        "name_en": "Panellist",
        "category": Category.INFLUENCE,
    },
    {
        "code": "lecturer",
        "name_fi": "Luennoitsija",
        "name_sv": "Föreläsare",
        "name_en": "Lecturer",
        "category": Category.INFLUENCE,
    },
    {
        "code": "trainer",
        "name_fi": "Kouluttaja",
        "name_sv": "Utbildare",
        "name_en": "Trainer",
        "category": Category.DEVELOPMENT,
    },
    {
        "code": "recruitment-interviewer",
        "name_fi": "Rekrytointihaastattelija",
        "name_sv": "Rekryteringsintervjuare",
        "name_en": "Recruitment interviewer",
        "category": Category.DEVELOPMENT,
    },
    {
        "code": "training-planner",
        "name_fi": "Koulutuksen suunnittelija",
        "name_sv": "Utbildningsplanerare",
        "name_en": "Training planner",
        "category": Category.DEVELOPMENT,
    },
    {
        "code": "team-meeting",
        "name_fi": "Tiimipalaveri",
        "name_sv": "Teammöte",
        "name_en": "Team meeting",
        "category": Category.ACQUAINTANCE,
    },
    {
        "code": "office-meeting",
        "name_fi": "Toimistopalaveri",
        "name_sv": "Kontorsmöte",
        "name_en": "Office meeting",
        "category": Category.ACQUAINTANCE,
    },
]


def install() -> int:
    """Put in place what is missing and touch nothing that is there. Returns how many rows were made."""
    return sum(
        AssignmentKind.objects.get_or_create(code=kind["code"], defaults=kind)[1] for kind in ASSIGNMENT_KINDS
    )
