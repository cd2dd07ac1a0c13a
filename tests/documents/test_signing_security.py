"""What somebody tries who holds a link that is not theirs, a role that is not the bureau's, or a file made to harm."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import OutboxMessage
from documents import circuit, codes, links, proof, verifying
from documents.enums import LinkChannel, SignatureMeans
from documents.models import SignatureEvent, SignerProposal, SigningCode, SigningLink
from pfmp import services
from tests.documents import signing
from tests.documents.signing import enter, link, paper, row, sign
from tests.factories import MembershipFactory
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement

pytestmark = pytest.mark.django_db


def make(signature, **more):
    return links.create(signature, channel=LinkChannel.COPY, by=None, now=timezone.now(), **more)[0]


def wrong(link_, document, times: int, now) -> None:
    for _ in range(times):
        codes.check("0", now=now, target=codes.target_of(document), link=link_, school_id=document.school_id)


# ------------------------------------------------------------------------------------------------ where the codes go
@pytest.fixture
def issued(scene):  # noqa: F811
    return services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())


def door(document, role: str) -> str:
    return f"{document.get_absolute_url()}signatures/{role}/liens/"


@pytest.mark.parametrize("role", ["tuteur", "organisme_accueil", "chef_etablissement", "enseignant_referent"])
def test_nobody_else_is_given_a_signature_that_one_person_gives(scene, issued, client, role):  # noqa: F811
    """Forged: the page offers it for the guardians alone."""
    client.force_login(scene.cast.bde.user)
    said = {"geste": "autre", "name": "Sofia Benamar", "email": "sofia@lycee.example"}
    page = client.post(door(issued, role), said, follow=True).content.decode()
    assert "Une seule personne donne cette signature" in page
    assert not SigningLink.objects.in_school(scene.school).exists() and not OutboxMessage.objects.exists()


def test_the_bureau_alone_gives_the_guardian_s_link_to_an_address_of_its_own(scene, issued, client):  # noqa: F811
    said = {"geste": "autre", "name": "Karim Meziane", "email": "moi@lycee.example"}
    client.force_login(scene.teacher.user)
    assert client.post(door(issued, "responsable_legal"), said).status_code == 403
    assert 'name="email"' not in client.get(door(issued, "responsable_legal")).content.decode()
    assert not OutboxMessage.objects.exists()
    client.force_login(scene.cast.bde.user)
    assert client.post(door(issued, "responsable_legal"), said).status_code == 302
    assert OutboxMessage.objects.get().recipient == "moi@lycee.example"


def test_a_teacher_sends_the_link_to_the_second_guardian_on_file(scene, issued, client):  # noqa: F811
    scene.student.guardian2_name, scene.student.guardian2_email = "Karim Meziane", "karim@exemple.fr"
    scene.student.save()
    client.force_login(scene.teacher.user)
    said = {"geste": "autre", "name": "Karim Meziane", "email": "karim@exemple.fr"}
    assert client.post(door(issued, "responsable_legal"), said).status_code == 302
    assert client.post(door(issued, "responsable_legal"), said | {"email": "moi@lycee.example"}).status_code == 403
    assert [one.recipient for one in OutboxMessage.objects.all()] == ["karim@exemple.fr"]


def test_a_teacher_reads_no_code_out(scene, issued, client):  # noqa: F811
    made = make(row(issued, "tuteur"))
    client.force_login(scene.teacher.user)
    assert "vive voix<" not in client.get(door(issued, "tuteur")).content.decode()
    assert client.post(door(issued, "tuteur"), {"geste": "code", "lien": made.public_id}).status_code == 403
    assert not SigningCode.objects.in_school(scene.school).exists()


@pytest.mark.parametrize("role", ["chef_etablissement", "enseignant_referent"])
def test_nobody_reads_out_the_code_of_a_colleague(scene, issued, client, role):  # noqa: F811
    made = make(row(issued, role))
    client.force_login(scene.cast.bde.user)
    answer = client.post(door(issued, role), {"geste": "code", "lien": made.public_id})
    assert answer.status_code == 403 and "depuis son compte" in answer.content.decode()


@pytest.mark.parametrize("what", ["membership", "account"])
def test_the_links_of_a_colleague_die_with_their_access(cast, client, what):
    document = paper(cast.school, "enseignant_referent", "tuteur")
    cast.teacher.email = "Enseignant_Referent@exemple.fr"
    cast.teacher.save()
    path = link(row(document, "enseignant_referent"))
    enter(client, path)
    gone = cast.teacher if what == "membership" else cast.teacher.user
    gone.is_active = False
    gone.save()
    assert client.get(path).status_code == 410
    assert sign(client, path, document)["Location"] == path
    assert row(document, "enseignant_referent").status == "attendue"


# ----------------------------------------------------------------------------------------------------- guessing codes
def test_more_links_are_no_more_codes(cast):
    document, now = paper(cast.school, "tuteur"), timezone.now()
    several = [make(row(document, "tuteur")) for _ in range(codes.AN_HOUR + 1)]
    for one in several[:-1]:
        codes.send(one, now=now)
    with pytest.raises(ValidationError, match="Attendez une heure"):
        codes.send(several[-1], now=now)


def test_a_guardian_s_codes_do_not_use_up_those_of_the_other(cast):
    document, now = paper(cast.school, "responsable_legal"), timezone.now()
    mine = make(row(document, "responsable_legal"))
    for _ in range(codes.AN_HOUR):
        codes.send(mine, now=now)
    assert codes.send(make(row(document, "responsable_legal"), name="Karim", email="k@exemple.fr"), now=now)


def test_whoever_asks_for_many_codes_does_not_shut_out_the_person_who_calls(cast):
    made, now = make(row(paper(cast.school, "tuteur"), "tuteur")), timezone.now()
    for _ in range(codes.AN_HOUR):
        codes.send(made, now=now)
    assert len(codes.speak(made, by=cast.bde.user, now=now)) == 6


def test_wrong_tries_on_many_papers_of_one_person_come_to_an_end(cast):
    papers = [paper(cast.school, "tuteur") for _ in range(codes.WRONG_A_DAY // codes.TRIES + 1)]
    now = timezone.now()
    for document in papers[:-1]:
        made = make(row(document, "tuteur"))
        codes.send(made, now=now)
        wrong(made, document, codes.TRIES, now)
    last = make(row(papers[-1], "tuteur"))
    with pytest.raises(ValidationError, match="Attendez une heure"):
        codes.send(last, now=now)
    assert codes.send(last, now=now + timedelta(days=1, minutes=1))


def test_proposals_have_a_pace(cast, client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"signing": "4/h/key"}
    path = link(row(paper(cast.school, "tuteur"), "tuteur"))
    enter(client, path)  # two posts
    for number in range(5):
        client.post(f"{path}coordonnees/", {"phone": f"06 0{number}"})
    assert SignerProposal.objects.in_school(cast.school).count() == 2


# ------------------------------------------------------------------------------------------------- sessions and forms
def test_the_session_known_before_the_code_opens_nothing(cast, client):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    client.post(f"{path}code/")
    planted = client.session.session_key
    client.post(f"{path}code/", {"code": signing.last_code()})
    thief = Client()
    thief.cookies["session"] = planted
    assert client.session.session_key != planted
    assert thief.get(f"{path}document/")["Location"] == path
    assert thief.get(f"{path}fichier/").status_code == 302


def test_a_form_sent_from_elsewhere_is_refused_even_by_a_browser_that_says_nothing(cast):
    """A sandboxed frame elsewhere: no cookie crosses (SameSite), and what it invents is not the cookie's."""
    path = link(row(paper(cast.school, "tuteur"), "tuteur"))
    browser = Client(enforce_csrf_checks=True)
    browser.get(path)
    cookie = browser.cookies["csrf"]
    assert cookie["samesite"] == "Lax" and cookie["httponly"]
    for said in ({"csrfmiddlewaretoken": "x" * 64}, {"csrfmiddlewaretoken": ""}):
        assert browser.post(f"{path}nouveau-lien/", said, HTTP_ORIGIN="null").status_code == 403
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(f"{path}code/", {"csrfmiddlewaretoken": cookie.value}, HTTP_ORIGIN="null").status_code == 403
    for site in ("cross-site", "same-site", "none"):
        said = {"csrfmiddlewaretoken": cookie.value}
        assert browser.post(f"{path}code/", said, HTTP_ORIGIN="null", HTTP_SEC_FETCH_SITE=site).status_code == 403
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("method", ["head", "options", "put", "delete", "patch"])
def test_other_methods_change_and_show_nothing(cast, client, method):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    enter(client, path)
    lines = SignatureEvent.objects.in_school(cast.school).count()
    for end in ("", "code/", "nouveau-lien/", "coordonnees/", "document/", "fichier/", "merci/"):
        assert getattr(client, method)(path + end).status_code == 405
    assert SignatureEvent.objects.in_school(cast.school).count() == lines


@pytest.mark.parametrize("charset", ["rot13", "zlib", "utf-16", "latin-1", "x" * 300])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"])
def test_a_form_in_a_charset_of_its_own_is_a_bad_request(cast, client, charset, kind):
    path = link(row(paper(cast.school, "tuteur"), "tuteur"))
    body = b'--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n123456\r\n--b--\r\n'
    for page in (f"{path}code/", "/verifier/", "/compte/login/"):
        assert client.generic("POST", page, body, f"{kind}; charset={charset}").status_code == 400
    assert client.generic("POST", "/verifier/", body, f"{kind}; charset=UTF-8").status_code == 422


@pytest.mark.parametrize("parts", [1_000, 6_000])
def test_a_form_of_a_thousand_parts_is_a_bad_request(client, parts):
    name = b'filename="a.pdf"' if parts == 1_000 else b'x="y"'
    part = b'--b\r\nContent-Disposition: form-data; name="file"; ' + name + b"\r\n\r\nx\r\n"
    answer = client.generic("POST", "/verifier/", part * parts + b"--b--\r\n", "multipart/form-data; boundary=b")
    assert answer.status_code == 400


# ---------------------------------------------------------------------------------------------------- words and files
def test_a_refusal_s_words_stay_out_of_the_proof_that_everyone_gets(cast, client):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    enter(client, path)
    reason = "L’élève est souffrant."
    client.post(f"{path}document/", {"geste": "refuser", "reason": reason})
    circuit.reopen(row(document, "tuteur"), by=cast.bde.user, now=timezone.now())
    told = proof.as_json(document, proof.lines(document)).decode()
    assert "souffrant" not in told
    refused = next(line for line in json.loads(told)["lines"] if line["kind"] == "refus")
    assert refused["payload"]["reason_sha256"] == hashlib.sha256(reason.encode()).hexdigest()


def test_the_proof_names_no_mailbox_and_no_token(cast, client):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    enter(client, path)
    client.post(f"{path}coordonnees/", {"email": "nouvelle@exemple.fr", "message": "Je déménage à Nantes."})
    sign(client, path, document)
    told = proof.as_json(document, proof.lines(document)).decode()
    for word in ("tuteur@exemple.fr", "nouvelle@exemple.fr", "Nantes", path.split("/")[2]):
        assert word not in told


@pytest.mark.parametrize("text", ["Martin\u202egpj.exe", "Mar\x1btin", "Mar\u2066tin", "Mar\x7ftin"])
def test_names_that_read_otherwise_than_they_are_written_are_refused(cast, client, text):
    content = {"host": {"name": "Nom organisme_accueil"}, "pupil": {"first_name": "Rayan", "last_name": "Meziane"}}
    document = paper(cast.school, "organisme_accueil", content=content)
    path = link(row(document, "organisme_accueil"))
    enter(client, path)
    said = {"who": "oui", "moi-last_name": text, "moi-first_name": "Inès", "moi-position": "gérante"}
    answer = client.post(f"{path}qui-signe/", said)
    assert answer.status_code == 422 and "caractère invisible" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "printed"),
    [("Zoé d’Àrç-Łukasz", True), ("Ελένη Чехов", True), ("👷 Paul", False), ("中村", False), ("Paul\ue000", False), ("ﷺ", False)],
)  # fmt: skip
def test_a_signer_s_own_name_is_one_that_the_paper_can_print(cast, client, name, printed):
    """Otherwise the sealed file would show a box for a name, and conform to nothing."""
    content = {"host": {"name": "Nom organisme_accueil"}, "pupil": {"first_name": "Rayan", "last_name": "Meziane"}}
    path = link(row(paper(cast.school, "organisme_accueil", content=content), "organisme_accueil"))
    enter(client, path)
    said = {"who": "oui", "moi-last_name": name, "moi-first_name": "Inès", "moi-position": "gérante"}
    answer = client.post(f"{path}qui-signe/", said)
    assert answer.status_code == (302 if printed else 422)
    assert printed or "lettres latines" in answer.content.decode()


@pytest.mark.parametrize(
    "number", ['X"; filename=piege.html', "X\r\nSet-Cookie: a=b", "../../etc/passwd", "X\u202efdp"]
)
def test_an_imported_number_is_only_a_file_name(cast, client, number):
    document = paper(cast.school, "tuteur", number=number)
    path = link(row(document, "tuteur"))
    enter(client, path)
    said = client.get(f"{path}fichier/?telecharger=1")
    assert said.getvalue() == signing.PDF
    assert said.status_code == 200 and "Set-Cookie" not in said
    name = said["Content-Disposition"]
    assert "/" not in name.replace("attachment", "") and '"; filename' not in name and "%E2%80%AE" not in name
    client.force_login(cast.bde.user)
    sheets = client.post(f"{document.get_absolute_url()}feuillets/")
    if "Content-Disposition" in sheets:
        assert '"; filename' not in sheets["Content-Disposition"]


def test_a_link_of_another_school_s_colleague_is_as_unknown_as_any(cast, issued, client):
    client.force_login(cast.stranger.user)
    here, nowhere = door(issued, "tuteur"), door(issued, "tuteur").replace(str(issued.public_id), "0" * 8 + "-" + "0" * 4 + "-4000-8000-" + "0" * 12)  # fmt: skip
    assert client.get(here).status_code == client.get(nowhere).status_code == 404
    client.force_login(MembershipFactory(school=issued.school, role="consultation").user)
    for end in (here, f"{issued.get_absolute_url()}feuillets/", f"{issued.get_absolute_url()}scelle/"):
        assert client.post(end).status_code in (403, 405)
        assert client.get(end).status_code in (403, 405)


def test_nobody_turns_a_spoken_code_into_a_mailed_one(cast, client):
    document = paper(cast.school, "tuteur")
    signature = row(document, "tuteur")
    made, url = links.create(signature, channel=LinkChannel.COPY, by=None, now=timezone.now())
    path = "/signer/" + url.split("/signer/")[1]
    digits = codes.speak(made, by=cast.bde.user, now=timezone.now())
    client.post(f"{path}code/", {"code": digits, "means": "code_courriel"})
    sign(client, path, document, means="code_courriel")
    signature = row(document, "tuteur")
    assert signature.means == SignatureMeans.SPOKEN_CODE
    event = SignatureEvent.objects.in_school(cast.school).get(kind="signature")
    assert (event.payload["means"], event.payload["address"]) == ("code_vive_voix", "")


# ------------------------------------------------------------------------------------------------- the public question
def test_a_question_from_anyone_reads_the_papers_of_one_number(cast):
    """However many papers there are: a stranger's question never walks the whole table."""
    with CaptureQueriesContext(connection) as asked:
        verifying.recognise("PFMP-2026-00042", "f" * 64)
    assert asked.captured_queries
    for query in asked.captured_queries:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                assert not [step for *_, step in cursor.fetchall() if step.startswith("SCAN")]
        assert "LIKE" not in query["sql"] and "UPPER" not in query["sql"]


def test_many_files_are_not_read_where_one_is_asked_for(client):
    part = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + b"x" * 3 * 1024**2 + b"\r\n"
    )
    answer = client.generic("POST", "/verifier/", part * 8 + b"--b--\r\n", "multipart/form-data; boundary=b")
    assert answer.status_code == 413
