"""A school's own wording of one text of the convention."""

from django import forms

from pfmp import paper_text


class PaperTextForm(forms.Form):
    """`based_on`: the number of the school's version that was read, so that two people do not overwrite each other."""

    text = forms.CharField(
        label="Texte",
        max_length=paper_text.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 16, "maxlength": str(paper_text.MAX_LENGTH)}),
        help_text="Une ligne par paragraphe ; une ligne qui commence par « - » est un point de liste.",
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if problems := paper_text.text_problems(text):
            raise forms.ValidationError(problems)
        return text
