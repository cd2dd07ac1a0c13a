"""Pedagogical annexes: skills pasted one a line, kept by their code; a teacher writes those of their own formations."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from pfmp import annexes, documents, services
from pfmp.models import FormationAnnex, Skill
from tests.factories import AnnexFactory, SkillFactory
from tests.pfmp.conftest import Scene

PASTED = """C1.1 Analyser les conditions de l’opération
- C1.2 : Préparer le poste
C2\tOrganiser l’activité

BC3 – Vendre, en respectant l’hygiène"""


def test_pasted_lines_become_skills() -> None:
    assert [(line.code, line.label) for line in annexes.read_skills(PASTED)] == [
        ("C1.1", "Analyser les conditions de l’opération"),
        ("C1.2", "Préparer le poste"),
        ("C2", "Organiser l’activité"),
        ("BC3", "Vendre, en respectant l’hygiène"),
    ]


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("Préparer le poste", "Ligne 1"),
        ("C1 Préparer\nC1 Vendre", "Ligne 2 : le code C1 est déjà ligne 1"),
        ("C1", "Ligne 1"),
        ("\n".join(f"C{n} Savoir" for n in range(81)), "80 compétences"),
        ("<script>alert(1)</script>", "Ligne 1"),
    ],
)
def test_a_line_that_is_no_skill_is_named(pasted: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        annexes.read_skills(pasted)
    assert said in " ".join(refused.value.messages)


def new_form(scene: Scene, **changes: str) -> dict[str, str]:
    return {
        "formation": scene.school_class.diploma, "label": "1re année", "skill_lines": PASTED, "tasks": "Câblage",
        "is_active": "on",
    } | changes  # fmt: skip


def test_a_teacher_writes_the_annex_of_a_formation_that_they_teach(scene: Scene, as_teacher: Client) -> None:
    answer = as_teacher.post(scene.url("annexes-pedagogiques/nouveau/"), new_form(scene))
    annex = FormationAnnex.objects.in_school(scene.school).get()
    assert answer.status_code == 302
    assert [str(skill) for skill in annex.skills.all()][:2] == [
        "C1.1 Analyser les conditions de l’opération", "C1.2 Préparer le poste",
    ]  # fmt: skip
    assert annexes.of_class(scene.school_class) == [annex]
    page = as_teacher.get(scene.url(f"annexes-pedagogiques/{annex.public_id}/"))
    assert "Organiser l’activité" in page.text
    first = annex.skills.first()
    posted = new_form(scene, version=str(annex.version), skill_lines="C9 Contrôler\nC1.1 Analyser")
    assert as_teacher.post(scene.url(f"annexes-pedagogiques/{annex.public_id}/modifier/"), posted).status_code == 302
    assert [str(skill) for skill in annex.skills.all()] == ["C9 Contrôler", "C1.1 Analyser"]
    assert annex.skills.get(code="C1.1") == first  # kept, said otherwise


def test_another_formation_is_not_theirs(scene: Scene, as_teacher: Client) -> None:
    annex = AnnexFactory(school=scene.school, formation="CAP Coiffure")
    answer = as_teacher.get(scene.url(f"annexes-pedagogiques/{annex.public_id}/modifier/"))
    assert answer.status_code == 403
    assert "Vous n’enseignez pas dans cette formation" in answer.text
    answer = as_teacher.post(scene.url("annexes-pedagogiques/nouveau/"), new_form(scene, formation="CAP Coiffure"))
    assert answer.status_code == 422
    assert as_teacher.get(scene.url("annexes-pedagogiques/")).status_code == 200


def test_a_copy_starts_from_the_annex_of_last_year(scene: Scene, as_bde: Client) -> None:
    annex = AnnexFactory(school=scene.school, formation=scene.school_class.diploma, label="2024", tasks="Pose")
    SkillFactory(school=scene.school, annex=annex, code="C4", label="Poser")
    page = as_bde.get(scene.url(f"annexes-pedagogiques/nouveau/?depuis={annex.public_id}"))
    assert "2024 (copie)" in page.text
    assert "C4 Poser" in page.text
    assert as_bde.get(scene.url("annexes-pedagogiques/nouveau/?depuis=rien")).status_code == 200


def test_the_class_sets_the_annex_of_a_first_convention(scene: Scene) -> None:
    annex = AnnexFactory(school=scene.school, formation=scene.school_class.diploma, following="Une visite")
    SkillFactory(school=scene.school, annex=annex, code="C4", label="Poser")
    placement = scene.placement()
    document = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    content = documents.content_in(document)
    assert content is not None
    assert (content.skills, content.supervision) == ("C4 Poser", "Une visite")
    AnnexFactory(school=scene.school, formation=scene.school_class.diploma)  # two: nobody guesses which
    other = scene.placement(student=scene.pupil(last_name="Petit"))
    content = documents.content_in(services.issue_convention(other, by=scene.teacher.user, now=timezone.now()))
    assert content is not None
    assert content.skills is None


def test_bad_lines_keep_what_was_typed(scene: Scene, as_bde: Client) -> None:
    typed = "Sans code 😀\nC1 Vendre"
    answer = as_bde.post(scene.url("annexes-pedagogiques/nouveau/"), new_form(scene, skill_lines=typed))
    assert answer.status_code == 422
    assert "Sans code 😀" in answer.text
    assert not Skill.objects.in_school(scene.school).exists()
