"""Photographs and PDFs become one PDF of plain pages; what cannot be is told by name, before it can harm."""

import io
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from core import scanning
from core.scanning import child
from tests.documents.pictures import HEIC, jpeg, pdf, png


@pytest.fixture
def sent(tmp_path: Path) -> Any:
    def put(name: str, content: bytes) -> scanning.Sent:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.bin"
        path.write_bytes(content)
        return scanning.Sent(str(path), name, len(content))

    return put


def refused(*files: scanning.Sent, **limits: Any) -> str:
    with pytest.raises(scanning.Unreadable) as refusal:
        scanning.read(list(files), scanning.Limits(**limits))
    return str(refusal.value)


def images_of(content: bytes) -> list[Image.Image]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        pages = [page.resources for page in opened.pages if "/XObject" in page.resources]
        return [Image.open(io.BytesIO(image.read_raw_bytes())) for page in pages for image in page.XObject.values()]


def test_every_kind_makes_a_page_of_one_pdf(sent):
    scanned = scanning.read([sent("a.jpg", jpeg()), sent("b.PNG", png()), sent("c.heic", HEIC), sent("d.pdf", pdf(2))])
    assert scanned.pages == 5
    with pikepdf.open(io.BytesIO(scanned.pdf)) as opened:
        assert len(opened.pages) == 5 and not opened.docinfo
        lying, upright = opened.pages[0].mediabox, opened.pages[1].mediabox
    assert lying[2] > lying[3] and upright[2] < upright[3]  # the page lies as the picture does
    red = images_of(scanned.pdf)[2].convert("RGB").getpixel((1, 1))
    assert red[0] > 200 and red[1] < 60


def test_a_photo_stands_upright_and_forgets_where_it_was_taken(sent):
    content = jpeg(640, 400, orientation=6, place=True)
    assert b"TelephoneDeMarie" in content
    scanned = scanning.read([sent("photo.jpeg", content)])
    image = images_of(scanned.pdf)[0]
    assert image.width < image.height and not image.getexif()
    assert b"TelephoneDeMarie" not in scanned.pdf and b"Exif" not in scanned.pdf


def test_a_large_photo_is_kept_at_a_size_worth_printing(sent):
    image = images_of(scanning.read([sent("photo.jpg", jpeg(6000, 4000))]).pdf)[0]
    assert image.size == (2400, 1600)


@pytest.mark.parametrize("packed", [(), ("DCTDecode",), ("FlateDecode", "DCTDecode")])
def test_a_photo_inside_a_pdf_forgets_where_it_was_taken_too(sent, packed):
    """Whichever way the file names the filter of the picture: alone, in a list, or packed once more."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(595, 842))
    content = jpeg(80, 50, place=True)
    photo = pikepdf.Stream(made, zlib.compress(content) if "FlateDecode" in packed else content)
    named = [pikepdf.Name(f"/{one}") for one in packed]
    photo.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=80, Height=50, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Array(named) if named else pikepdf.Name.DCTDecode,
    )  # fmt: skip
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=made.make_indirect(photo)))
    page.obj.Contents = made.make_stream(b"q 80 0 0 50 0 0 cm /P Do Q")
    into = io.BytesIO()
    made.save(into)
    scanned = scanning.read([sent("copieur.pdf", into.getvalue())])
    image = images_of(scanned.pdf)[0]
    assert image.convert("RGB").size == (80, 50) and not image.getexif()
    assert b"TelephoneDeMarie" not in scanned.pdf


def test_what_acts_in_a_pdf_is_left_out_and_its_pages_kept(sent):
    scanned = scanning.read([sent("piege.pdf", pdf(2, active=True, mark="Marie Curie"))])
    assert scanned.pages == 2
    with pikepdf.open(io.BytesIO(scanned.pdf)) as opened:
        assert not opened.attachments and "/OpenAction" not in opened.Root and "/Names" not in opened.Root
        assert all("/AA" not in page.obj and "/Annots" not in page.obj for page in opened.pages)
        flat = b"".join(repr(thing).encode() for thing in opened.objects)
    for word in (b"JavaScript", b"app.alert", b"cachee", b"piege.example", b"Marie Curie"):
        assert word not in scanned.pdf and word not in flat


def test_a_signature_drawn_on_a_tablet_stays_on_the_page(sent):
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(595, 842))
    ink = made.make_stream(b"0 0 m 50 50 l S")
    ink.stream_dict = pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 50, 50])
    page.obj.Annots = pikepdf.Array(
        [
            made.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Ink, Rect=[10, 10, 60, 60], F=4,
                    AP=pikepdf.Dictionary(N=ink),
                )
            )
        ]
    )  # fmt: skip
    into = io.BytesIO()
    made.save(into)
    scanned = scanning.read([sent("tablette.pdf", into.getvalue())])
    with pikepdf.open(io.BytesIO(scanned.pdf)) as opened:
        forms = list(opened.pages[0].resources.XObject.values())
        assert any(b"50 50 l" in form.read_bytes() for form in forms)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "peut cacher du code"),
        ("page.html", b"<!doctype html><p>bonjour", "peut cacher du code"),
        ("photo.jpg", b"<svg onload='x()'/>", "sous un autre nom"),
        ("photo.jpg", b"\xef\xbb\xbf<!DOCTYPE html><script>x()</script>", "sous un autre nom"),
        ("photo.jpg", b"MZ\x90\x00 un programme", "n’est pas ce que dit son nom (.jpg)"),
        ("photo.jpg", pdf(), "n’est pas ce que dit son nom (.jpg)"),
        ("copieur.pdf", jpeg(), "n’est pas ce que dit son nom (.pdf)"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + b"0" * 400, "ne s’ouvre pas"),
        ("copieur.pdf", b"%PDF-1.7\n" + b"0" * 400, "ne s’ouvre pas"),
        ("photo.heic", HEIC[:60], "ne s’ouvre pas"),
        ("vide.pdf", b"", "est vide"),
        ("convention.docx", b"PK\x03\x04", "n’est ni une photo ni un PDF"),
        ("sans-extension", b"\xff\xd8\xff", "n’est ni une photo ni un PDF"),
        ("aucune.pdf", pdf(0), "n’a aucune page"),
    ],
)  # fmt: skip
def test_the_rest_is_refused_by_name(sent, name, content, words):
    said = refused(sent(name, content))
    assert f"« {name} »" in said and words in said


@pytest.mark.parametrize("user", ["", "secret"])
def test_a_protected_pdf_is_refused(sent, user):
    content = pdf(encryption=pikepdf.Encryption(owner="maître", user=user))
    assert "protégé par un mot de passe" in refused(sent("protege.pdf", content))


def bomb_png(side: int) -> bytes:
    """A PNG that says it is huge, and is a few hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def test_a_bomb_is_refused_before_it_is_decoded(sent):
    assert "démesurée" in refused(sent("bombe.png", bomb_png(60_000)))


def test_a_bomb_inside_a_pdf_is_refused(sent):
    made = pikepdf.new()
    page = made.add_blank_page()
    image = pikepdf.Stream(made, zlib.compress(bytes(1000)))
    image.stream_dict = pikepdf.Dictionary(
        Subtype=pikepdf.Name.Image, Width=60_000, Height=60_000, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray, Filter=pikepdf.Name.FlateDecode,
    )  # fmt: skip
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=made.make_indirect(image)))
    into = io.BytesIO()
    made.save(into)
    assert "démesurée" in refused(sent("bombe.pdf", into.getvalue()))


def inflating(size: int, *, as_picture: bool = False) -> bytes:
    """A PDF of a few kilobytes whose page unpacks to this many bytes."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(595, 842))
    packing = zlib.compressobj(9)
    packed = b"".join(packing.compress(b" " * 1024 * 1024) for _ in range(size // 1024**2)) + packing.flush()
    stream = made.make_stream(b"")
    if as_picture:
        stream.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=8, Height=8, BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceGray,
        )  # fmt: skip
    stream.write(packed, filter=pikepdf.Name.FlateDecode)
    if as_picture:
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=stream))
    else:
        page.obj.Contents = stream
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()


def test_a_pdf_that_unpacks_without_end_is_refused(sent):
    assert "demande trop de place" in refused(sent("copieur.pdf", inflating(300 * 1024**2)))
    assert "image démesurée" in refused(sent("copieur.pdf", inflating(20 * 1024**2, as_picture=True)))
    assert scanning.read([sent("copieur.pdf", inflating(20 * 1024**2))]).pages == 1


def test_pages_that_fetch_their_content_elsewhere_do_not(sent):
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(595, 842))
    form = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Form, "BBox": [0, 0, 5, 5]}
    other, remote = made.make_stream(b"0 0 m S"), made.make_stream(b"")
    other.stream_dict = pikepdf.Dictionary(**form, Ref=pikepdf.Dictionary(F=pikepdf.String("voisin.pdf"), Page=0))
    place = pikepdf.Dictionary(FS=pikepdf.Name.URL, F=pikepdf.String("http://piege.example/x"))
    remote.stream_dict = pikepdf.Dictionary(**form, F=place)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=other, B=remote))
    page.obj.Contents = made.make_stream(b"/A Do /B Do")
    into = io.BytesIO()
    made.save(into)
    with pikepdf.open(io.BytesIO(scanning.read([sent("copieur.pdf", into.getvalue())]).pdf)) as opened:
        flat = b"".join(repr(thing).encode() for thing in opened.objects)
    assert b"voisin.pdf" not in flat and b"piege.example" not in flat


def test_sizes_and_pages_are_bounded(sent):
    heavy = scanning.Sent("/absent", "copieur.pdf", 40 * 1024 * 1024)
    assert "pèse 40 Mo ; 20 Mo au plus" in refused(heavy)
    assert "plus de 30 pages" in refused(sent("livre.pdf", pdf(31)))
    assert "plus de 30 pages" in refused(*[sent(f"{n}.png", png(4, 4)) for n in range(31)])
    assert "plus de 3 pages" in refused(sent("a.pdf", pdf(2)), sent("b.pdf", pdf(2)), pages=3)
    assert "ensemble" in refused(*[scanning.Sent("/absent", f"{n}.pdf", 19 * 1024 * 1024) for n in range(5)])


def test_memory_and_time_end_the_child_with_a_sentence(sent):
    photo = sent("photo.jpg", jpeg(3000, 2000))
    assert "demande trop de place ou de temps" in refused(photo, memory=40 * 1024 * 1024)
    assert "demande trop de place ou de temps" in refused(photo, wall=0)


def test_a_name_that_turns_the_reading_round_is_shown_plain(sent):
    said = refused(scanning.Sent("/absent", "photo\u202egpj\n<b>.exe" + "é" * 300, 10))
    assert "\u202e" not in said and "\n" not in said and len(said) < 200


def test_metadata_segments_are_cut_out_of_a_jpeg():
    content = jpeg(40, 30, place=True, orientation=3)
    clean = child.without_metadata(content)
    assert len(clean) < len(content) and b"Exif" not in clean
    assert Image.open(io.BytesIO(clean)).convert("RGB").size == (40, 30)
