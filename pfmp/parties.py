"""Who signs a convention of PFMP, and where their links and codes go (R-CONV-02, S-20)."""

from collections.abc import Sequence

from documents.enums import SignatureRole
from documents.services import Party
from documents.subjects import Person
from pfmp import documents
from pfmp.models import Placement
from schools.models import Membership, Student


def of(
    content: documents.ConventionContent, placement: Placement, *, referent: Membership | None, head: Membership | None
) -> list[Party]:
    """The five parties, under the names that the paper prints, with the addresses on file.

    The guardian signs for a minor, or when the age is unknown and a guardian is not; a minor may sign besides.
    `placement` comes with the relations of `documents.with_relations`.
    """
    host, tutor, student = documents.signer_of(placement), placement.tutor, placement.student
    return [
        Party(
            SignatureRole.HOST,
            content.host.representative_name or content.host.name,
            position=content.host.representative_role or "",
            email=(host.email if host else "") or placement.partner.email,
            phone=(host.phone if host else "") or placement.partner.phone,
        ),
        Party(
            SignatureRole.TUTOR,
            content.tutor.name or content.host.name,
            position=content.tutor.role or "",
            email=tutor.email if tutor else "",
            phone=tutor.phone if tutor else "",
        ),
        *_family(content, student),
        Party(
            SignatureRole.REFERENT,
            content.referent.name or content.referent.email or "Enseignant référent",
            email=referent.email if referent else content.referent.email or "",
        ),
        Party(
            SignatureRole.HEAD,
            content.school.head_name or "Chef d’établissement",
            position=content.school.head_role or "",
            email=head.email if head else "",
        ),
    ]


def _family(content: documents.ConventionContent, student: Student) -> list[Party]:
    name = f"{content.pupil.first_name} {content.pupil.last_name}"
    guardian = content.guardian.name if content.guardian else None
    is_minor = content.pupil.is_minor
    pupil = Party(SignatureRole.STUDENT, name, email=student.email, phone=student.phone, optional=bool(is_minor))
    if not (is_minor or (is_minor is None and guardian)):
        return [pupil]
    parent = Party(SignatureRole.GUARDIAN, guardian or name, email=student.guardian_email, phone=student.guardian_phone)
    return [parent, pupil] if is_minor else [parent]


def second_guardian(student: Student) -> Sequence[Person]:
    """The other guardian, who may sign as well as the first (art. 372-2 du code civil); nobody when none is on file."""
    if not (student.guardian2_name or student.guardian2_email):
        return ()
    name = student.guardian2_name or "Second responsable légal"
    return (Person(name, student.guardian2_email, student.guardian2_phone),)
