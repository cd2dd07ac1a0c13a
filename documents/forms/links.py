"""Forms of the staff's page of a signature's links."""

from documents.forms.online import EmailLine, LineField, Plain


class OtherPersonForm(Plain):
    """Somebody else who may give the same signature: the second guardian."""

    name = LineField("Nom et prénom", error_messages={"required": "Écrivez le nom de cette personne."})
    email = EmailLine("Adresse électronique", most=254, required=False)
