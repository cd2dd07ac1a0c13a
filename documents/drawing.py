"""The PDF of papers whose text schools may edit: drawn from the frozen content and kept once, drawn again when signed.

The app above says what its paper is made of, a `Paper`; how it is read again, drawn and kept is the same for all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.urls import reverse

from core import jobs, pdf
from core.frozen import Frozen, SchemaError
from documents import services
from documents.models import Document
from documents.subjects import Mark
from documents.wording import versions
from documents.wording.texts import Model, PaperText

SPECIMEN = "specimen"
"""The style that marks each page of what is worth nothing."""

Content = TypeVar("Content", bound=Frozen)


@dataclass(frozen=True)
class Paper(Generic[Content]):
    """A kind of paper: what it says (`content`), the text that schools may edit (`model`), its page and its styles.

    `html`: the page that becomes the paper, from a content, a text (None: the one that is shipped) and the marks of who signed.
    `title_of`: the title of the file.
    """

    content: type[Content]
    model: Model
    html: Callable[[Content, PaperText | None, Sequence[Mark]], str]
    title_of: Callable[[Content], str]
    styles: tuple[str, ...]
    fit: pdf.Fit
    model_of: Callable[[Content], Model] | None = None  # for a paper of several models: the one that a content follows

    def text_of(self, document: Document, content: Content) -> PaperText:
        """The words in force when a paper was issued."""
        return versions.text_of(document, self.model_of(content) if self.model_of else self.model)

    def render(self, content: Content, text: PaperText | None = None) -> bytes:
        """The PDF/UA-1 file of one paper; the same content and text give the same bytes."""
        return pdf.render(self.html(content, text, ()), title=self.title_of(content), styles=self.styles, fit=self.fit)

    def render_specimen(self, content: Content, text: PaperText) -> bytes:
        """The same, marked on each page: to look at, worth nothing."""
        return pdf.render(
            self.html(content, text, ()),
            title=f"Aperçu, sans valeur : {self.title_of(content)}",
            styles=(*self.styles, SPECIMEN),
            fit=self.fit,
        )

    def render_and_store(self, document: Document) -> None:
        """Draw an issued paper from its frozen content and keep it; a second call changes nothing.

        Raises jobs.Failure with a French sentence when the disk is full or the content is of an unknown shape.
        """
        if document.sha256:
            return
        content = self.frozen(document)
        services.store(document, self.render(content, self.text_of(document, content)))

    def make_file(self, document_id: int) -> jobs.Result:
        """The body of the job that makes the PDF of an issued paper; its result leads to the file."""
        document = Document.objects.select_related("school").get(pk=document_id)
        self.render_and_store(document)
        url = reverse("documents:document_file", args=[document.school.uai, document.public_id])
        return jobs.Result("La convention est prête.", data={"url": url, "label": "Télécharger la convention"})

    def draw_signed(self, document: Document, marks: Sequence[Mark]) -> pdf.Drawing:
        """The paper drawn again from its frozen content, with who signed in the boxes. Errors of `render_and_store`."""
        content = self.frozen(document)
        page = self.html(content, self.text_of(document, content), marks)
        return pdf.Drawing(page, self.title_of(content), self.styles, self.fit)

    def content_in(self, document: Document) -> Content | None:
        """What an issued paper says; None when it came from a dossier, without its content."""
        try:
            return self.content.from_json(document.content)
        except SchemaError:
            return None

    def frozen(self, document: Document) -> Content:
        """What an issued paper says. Raises jobs.Failure when it was not issued here."""
        content = self.content_in(document)
        if content is None:
            raise jobs.Failure(
                f"Le document {document.number} n’a pas le contenu d’une convention éditée ici : il ne peut pas être dessiné."
            )
        return content
