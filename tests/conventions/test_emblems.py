"""Logos and seals: taken in behind limits, made again, printed without distortion, kept for the papers that name them."""

import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from conventions import documents, emblems
from conventions.documents import LOGO_BOX
from conventions.enums import EmblemKind
from conventions.models import Emblem
from core import pictures
from partners import merging
from tests.conftest import Cast
from tests.factories import EmblemFactory, PartnerFactory


def picture(width: int = 400, height: int = 200, *, mode: str = "RGBA", form: str = "PNG", **more: object) -> bytes:
    into = io.BytesIO()
    colour = {"RGBA": (20, 60, 160, 90), "RGB": (20, 60, 160), "L": 90, "CMYK": (1, 2, 3, 4), "P": 3, "1": 1}[mode]
    Image.new(mode, (width, height), colour).save(into, form, **more)
    return into.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says to be immense."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 10)) + chunk(b"IEND", b"")


# ------------------------------------------------------------------------------------------------------------ taken in


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "L", "P", "1"])
def test_a_png_is_made_again(mode):
    found = pictures.reread(picture(mode=mode, pnginfo=None), "logo.png")
    opened = Image.open(io.BytesIO(found.content))
    assert (opened.format, opened.size) == ("PNG", (400, 200)) == ("PNG", (found.width, found.height))
    assert opened.mode == ("RGBA" if mode == "RGBA" else "RGB")
    if mode == "RGBA":
        assert opened.getpixel((3, 3))[3] == 90


def test_a_large_jpeg_is_reduced_turned_upright_and_stripped():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Secret Camera"
    found = pictures.reread(picture(3000, 1500, mode="RGB", form="JPEG", exif=exif), "LOGO.JPG")
    assert (found.width, found.height) == (400, 800)
    assert b"Secret" not in found.content and b"Exif" not in found.content


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo.svg", "SVG"),
        (b'<?xml version="1.0"?><svg></svg>', "logo.png", "SVG"),
        (b"\xef\xbb\xbf  <SVG>", "logo.jpg", "SVG"),
        (b"GIF89a....", "logo.gif", "n’est pas une image PNG ou JPEG"),
        (b"\x89PNG\r\n\x1a\nnothing", "logo.png", "n’est pas une image PNG ou JPEG"),
        (b"\xff\xd8\xffnothing", "logo.jpeg", "n’est pas une image PNG ou JPEG"),
        (b"", "logo.png", "n’est pas une image PNG ou JPEG"),
        (b"%PDF-1.7", "logo.png", "n’est pas une image PNG ou JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * (5 * 1024 * 1024), "logo.png", "5 Mo"),
        (bomb(50_000, 50_000), "logo.png", "trop de points"),
        (bomb(3_000, 2_000), "logo.png", "n’est pas une image PNG ou JPEG"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(content, name, sentence):
    with pytest.raises(pictures.Unreadable, match=sentence):
        pictures.reread(content, name)


def test_a_picture_too_small_or_too_long_is_refused():
    with pytest.raises(pictures.Unreadable, match="trop petite"):
        pictures.reread(picture(15, 300), "logo.png")
    with pytest.raises(pictures.Unreadable, match="trop étirée"):
        pictures.reread(picture(900, 20), "logo.png")


@pytest.mark.parametrize("size", [(400, 200), (800, 40), (40, 800), (16, 16), (800, 800)])
def test_a_picture_fits_its_box_without_distortion(size, db):
    emblem = EmblemFactory()
    width, height = size
    put = emblems.put(emblem.school, emblem.partner, EmblemKind.LOGO, pictures.reread(picture(*size), "a.png"), by=None)
    assert (put.pk, put.width, put.height) == (emblem.pk, width, height)
    (named,) = emblems.pictures_of(emblem.school, emblem.partner, EmblemKind.LOGO)
    (drawn,) = documents.drawn([named], LOGO_BOX)
    wide, high = float(drawn["width"]), float(drawn["height"])
    assert wide <= LOGO_BOX[0] + 0.01 and high <= LOGO_BOX[1] + 0.01
    assert abs(wide / high - width / height) / (width / height) < 0.05
    assert drawn["url"].startswith("data:image/png;base64,")


# ------------------------------------------------------------------------------------------------------------ the pages


@pytest.fixture
def bureau(client, cast: Cast):
    client.force_login(cast.bde.user)
    client.base = f"/etablissements/{cast.bde.school.uai}/"
    return client


def sent(content: bytes | None = None, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if content is None else content, "image/png")


def test_the_lycee_puts_replaces_and_removes_its_logo(bureau, cast):
    url = f"{bureau.base}reglages/logo-et-cachet/"
    assert "Aucun logo" in bureau.get(url).content.decode()
    assert bureau.post(url, {"kind": "logo", "image": sent()}).status_code == 302
    emblem = Emblem.objects.in_school(cast.bde.school).get()
    assert (emblem.partner, emblem.kind, emblem.width) == (None, "logo", 400)
    first = emblem.file.name
    answer = bureau.get(f"{bureau.base}logos/{emblem.public_id}/")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer.content.startswith(b"\x89PNG")
    assert bureau.post(url, {"kind": "logo", "image": sent(picture(100, 100))}).status_code == 302
    emblem.refresh_from_db()
    assert (emblem.width, emblem.version) == (100, 2)
    assert emblem.file.name != first and default_storage.exists(first)
    page = bureau.post(f"{bureau.base}logos/{emblem.public_id}/retirer/", follow=True).content.decode()
    assert "Logo retiré" in page and "Aucun logo" in page
    assert not Emblem.objects.in_school(cast.bde.school).exists()


def test_a_refused_picture_says_why_and_keeps_the_former(bureau, cast):
    partner = PartnerFactory(school=cast.bde.school)
    url = f"{bureau.base}partenaires/{partner.public_id}/logo-et-cachet/"
    assert bureau.post(url, {"kind": "cachet", "image": sent()}).status_code == 302
    for content, name, sentence in (
        (b"<svg/>", "a.svg", "SVG"),
        (b"x", "a.png", "PNG ou JPEG"),
        (b"", "a.png", "vide"),
    ):
        answer = bureau.post(url, {"kind": "cachet", "image": sent(content, name)})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert "Choisissez une image" in bureau.post(url, {"kind": "cachet"}).content.decode()
    assert bureau.post(url, {"kind": "autre", "image": sent()}).status_code == 302
    assert [one.kind for one in emblems.of(cast.bde.school, partner).values()] == ["cachet"]


def test_a_stranger_finds_no_picture_and_the_direction_keeps_off_the_partners(client, cast):
    emblem = EmblemFactory(school=cast.bde.school)
    base = f"/etablissements/{cast.bde.school.uai}/"
    client.force_login(cast.stranger.user)
    assert client.get(f"{base}logos/{emblem.public_id}/").status_code == 404
    client.force_login(cast.head.user)
    assert client.post(f"{base}logos/{emblem.public_id}/retirer/").status_code == 403
    own = EmblemFactory(school=cast.bde.school, partner=None)
    assert client.post(f"{base}logos/{own.public_id}/retirer/").status_code == 302


def test_another_school_s_picture_is_not_found(bureau):
    other = EmblemFactory()
    assert bureau.get(f"{bureau.base}logos/{other.public_id}/").status_code == 404
    assert bureau.post(f"{bureau.base}logos/{other.public_id}/retirer/").status_code == 404
    assert bureau.get(f"{bureau.base}partenaires/{other.partner.public_id}/logo-et-cachet/").status_code == 404


def test_two_partners_with_a_logo_are_merged_and_parted_again(cast):
    school = cast.bde.school
    one, other = PartnerFactory(school=school), PartnerFactory(school=school)
    kept, lost = EmblemFactory(school=school, partner=one), EmblemFactory(school=school, partner=other)
    seal = EmblemFactory(school=school, partner=other, kind="cachet")
    merged = merging.merge(one, other, merging.Wanted(), by=cast.bde.user)
    assert {(one.pk, row.kind) for row in emblems.of(school, one).values()} == {(one.pk, "logo"), (one.pk, "cachet")}
    assert emblems.of(school, one)["logo"].file.name in (kept.file.name, lost.file.name)
    merging.undo(merged, by=cast.bde.user, now=timezone.now())
    assert set(emblems.of(school, other)) == {"logo", "cachet"}
    assert emblems.of(school, other)["cachet"].file.name == seal.file.name
    assert emblems.of(school, other)["logo"].file.name == lost.file.name
