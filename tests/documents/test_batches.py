"""Twenty papers came back signed: one screen, each paper noted whole or not at all."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import circuit
from documents.models import Document, Signature
from pfmp import services
from tests.factories import ContactFactory
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement

pytestmark = pytest.mark.django_db


def issued(scene: Any, count: int) -> list[Document]:  # noqa: F811
    papers = []
    for rank in range(count):
        tutor = ContactFactory(school=scene.school, partner=scene.partner, last_name=f"Tuteur{rank}")
        placement = scene.placement(student=scene.pupil(last_name=f"Élève{rank}"), tutor=tutor)
        papers.append(services.issue_convention(placement, by=scene.teacher.user, now=timezone.now()))
    return papers


def url(scene: Any, *papers: Document) -> str:  # noqa: F811
    ids = ",".join(str(paper.public_id) for paper in papers)
    return f"/etablissements/{scene.school.uai}/documents/lot/" + (f"?documents={ids}" if ids else "")


def typed(
    *papers: Document, ticked: list[tuple[Document, str]], day: str = "2026-02-10", **more: Any
) -> dict[str, Any]:
    return {
        "fait": "1",
        "documents": ",".join(str(paper.public_id) for paper in papers),
        "date": day,
        "signe": [f"{paper.public_id}:{role}" for paper, role in ticked],
    } | more


def status(paper: Document, role: str) -> str:
    return Signature.objects.in_school(paper.school).get(document=paper, role=role).status


def test_twenty_signatures_in_one_screen(scene, client):  # noqa: F811
    papers = issued(scene, 4)
    client.force_login(scene.teacher.user)
    page = client.get(url(scene, *papers)).content.decode()
    assert all(f"Élève{rank}" in page for rank in range(4))
    assert f'value="{papers[0].public_id}:tuteur"' in page
    assert f'value="{papers[0].public_id}:chef_etablissement"' not in page  # not a teacher's to note
    roles = ("tuteur", "organisme_accueil", "responsable_legal", "enseignant_referent", "eleve")
    ticked = [(paper, role) for paper in papers for role in roles]
    done = client.post(url(scene), typed(*papers, ticked=ticked), follow=True)
    said = done.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "20 signatures notées sur 4 documents." in said
    assert {status(paper, role) for paper in papers for role in roles} == {"signee_papier"}
    assert status(papers[0], "chef_etablissement") == "attendue"


def test_heads_of_lines_and_columns_work_without_script(scene, client):  # noqa: F811
    first, second = issued(scene, 2)
    client.force_login(scene.cast.bde.user)
    client.post(url(scene), typed(first, second, ticked=[], colonne=["tuteur"], ligne=[str(second.public_id)]))
    assert (status(first, "tuteur"), status(first, "organisme_accueil")) == ("signee_papier", "attendue")
    assert Document.objects.in_school(scene.school).get(pk=second.pk).completed_at is not None


def test_a_paper_refused_is_left_whole_and_what_was_typed_stays(scene, client):  # noqa: F811
    first, second, third = issued(scene, 3)
    client.force_login(scene.cast.bde.user)
    ticked = [(paper, role) for paper in (first, second, third) for role in ("tuteur", "organisme_accueil")]
    form = typed(first, second, third, ticked=ticked) | {
        f"date-{second.public_id}": "2026-02-09",  # before it was issued
        f"date-{third.public_id}": "2026-02-10",
    }
    answer = client.post(url(scene), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "la signature vient après" in page and "1 document reste à revoir" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert [row.document for row in answer.context["rows"]] == [second]
    assert 'value="2026-02-09"' in page and [cell.ticked for cell in answer.context["rows"][0].cells].count(True) == 2
    assert {status(second, role) for role in ("tuteur", "organisme_accueil")} == {"attendue"}
    assert status(first, "tuteur") == status(third, "tuteur") == "signee_papier"


@pytest.mark.parametrize("day", ["", "32/13/2026", "2026-02-30", "2027-01-01", "0001-01-01", "<script>", "9" * 400])
def test_a_day_that_cannot_be_is_told(scene, client, day):  # noqa: F811
    (paper,) = issued(scene, 1)
    client.force_login(scene.cast.bde.user)
    answer = client.post(url(scene), typed(paper, ticked=[(paper, "tuteur")], day=day))
    assert answer.status_code == 422 and "<script>" not in answer.content.decode().split("<main", 1)[1]
    assert status(paper, "tuteur") == "attendue"


def test_a_signature_noted_meanwhile_is_not_noted_twice(scene, client):  # noqa: F811
    first, second = issued(scene, 2)
    client.force_login(scene.cast.bde.user)
    client.get(url(scene, first, second))
    row = Signature.objects.in_school(scene.school).get(document=first, role="tuteur")
    circuit.note_paper(row, signed_on=date(2026, 2, 10), by=scene.teacher.user, now=timezone.now())
    client.post(url(scene), typed(first, second, ticked=[(first, "tuteur"), (second, "tuteur")]))
    row.refresh_from_db()
    assert row.recorded_by == scene.teacher.user and status(second, "tuteur") == "signee_papier"


def test_nothing_ticked_is_told(scene, client):  # noqa: F811
    papers = issued(scene, 1)
    client.force_login(scene.cast.bde.user)
    answer = client.post(url(scene), typed(*papers, ticked=[]))
    assert answer.status_code == 422 and "Rien n’est coché" in answer.content.decode()
    forged = typed(*papers, ticked=[]) | {"signe": [f"{uuid.uuid4()}:tuteur", "x", f"{papers[0].public_id}:partenaire"]}
    assert client.post(url(scene), forged).status_code == 422


def test_the_selection_of_the_list_opens_it(scene, client):  # noqa: F811
    papers = issued(scene, 2)
    client.force_login(scene.cast.bde.user)
    page = client.get(f"/etablissements/{scene.school.uai}/documents/").content.decode()
    assert f'formaction="{url(scene)}"' in page
    picked = client.post(
        url(scene), {"choix": [str(paper.public_id) for paper in papers], "action": "noter", "filtres": ""}
    )
    assert picked.status_code == 200 and len(picked.context["rows"]) == 2
    everything = client.post(url(scene), {"tout": "1", "filtres": "signatures=a_signer", "action": "noter"})
    assert len(everything.context["rows"]) == 2
    assert "Cochez d’abord" in client.get(url(scene), follow=True).content.decode()


def test_one_goes_back_where_one_came_from_inside_the_school_only(scene, client):  # noqa: F811
    papers = issued(scene, 2)
    client.force_login(scene.cast.bde.user)
    home = f"/etablissements/{scene.school.uai}/pfmp/"
    done = client.post(url(scene), typed(*papers, ticked=[(papers[0], "tuteur")], retour=home))
    assert done.url == home
    for outside in ("https://piege.example/", "//piege.example/etablissements/", "/compte/logout/"):
        done = client.post(url(scene), typed(*papers, ticked=[(papers[1], "tuteur")], retour=outside))
        assert "piege" not in done.get("Location", "") and "logout" not in done.get("Location", "")


def test_rights_on_the_batch(scene, client):  # noqa: F811
    (paper,) = issued(scene, 1)
    for member, code in ((scene.cast.office, 403), (scene.cast.reader, 403), (scene.cast.stranger, 404)):
        client.force_login(member.user)
        assert client.get(url(scene, paper)).status_code == code
    client.force_login(scene.cast.head.user)
    page = client.get(url(scene, paper)).content.decode()
    assert f"{paper.public_id}:chef_etablissement" in page and f"{paper.public_id}:tuteur" not in page
    client.post(url(scene), typed(paper, ticked=[(paper, "tuteur"), (paper, "chef_etablissement")]))
    assert (status(paper, "tuteur"), status(paper, "chef_etablissement")) == ("attendue", "signee_papier")
    client.force_login(scene.cast.bde.user)
    assert client.get(f"{url(scene)}?documents={uuid.uuid4()}").status_code == 404


def test_a_replaced_paper_has_no_box(scene, client):  # noqa: F811
    (paper,) = issued(scene, 1)
    circuit.void(paper, by=scene.teacher.user, now=timezone.now())
    client.force_login(scene.cast.bde.user)
    assert "n’attend une signature que vous pouvez noter" in client.get(url(scene, paper)).content.decode()


def test_the_screen_costs_as_many_queries_for_2_papers_as_for_7(scene, client):  # noqa: F811
    papers = issued(scene, 7)
    client.force_login(scene.cast.bde.user)
    costs = []
    for some in (papers[:2], papers):
        client.get(url(scene, *some))
        with CaptureQueriesContext(connection) as seen:
            client.get(url(scene, *some))
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 14
