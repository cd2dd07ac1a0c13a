"""Import of any spreadsheet: one engine, and kinds of lines that apps register.

A file comes in by four pages: the file; its columns, found and corrected; a dry run by line; what came in, which can be
undone for seven days. The engine reads the file (core.tables), finds the columns, keeps the state in `TableImport`, asks the
kind what each line would do, writes that in one short transaction and keeps a journal to undo it. A kind only knows its lines.

To add a kind (nearest example: companies, `partners/imports.py`):

    @register
    class Transfers(Kind):
        name, slug = "partners.transfers", "versements"
        title, noun = "Importer des versements", "versement"
        permission = Permission.EDIT_TAXE
        fields = (Field("siret", "SIRET", values.siret, aliases=("n siret",), looks=values.looks_like_siret), …)
        options = TransferOptions          # a form of what is chosen besides the columns, below the mapping

        def plan(self, school, lines, options, decisions, report) -> Plan:
            plan = Plan()
            for line in lines:
                if line.rejected: plan.lines.append(Planned(line.number, Outcome.REJECTED, remarks=line.remarks)); continue
                …                          # one Planned for each line
            plan.new.append(Contribution(school=school, partner=partner, …))    # unsaved rows, named ones first
            plan.changes.append(Change(stored_row, {"amount": …}))              # old values are kept for the undo
            return plan

        def results_url(self, record) -> str: …

1. Declare it in the app's `imports.py`, imported by the app's `ready()`; parse functions that exist are in `values.py`.
2. A line that may already be there is an `Outcome.DOUBLE` with `candidates`; `decisions.get(line.number)` is then None,
   `CREATE`, `SKIP` or `SAME + candidate.key`, and the plan follows it.
3. Rows of `new` may name one another (`Contact(partner=new_partner)`): the engine gives them their keys before writing.
4. A link to `schools:table_import_new` with the slug, and a test like `tests/partners/test_company_import.py`: what comes in,
   the same file again changes nothing, undone gives back the same dossier.
"""

from schools.importing.kinds import (
    CREATE,
    KINDS,
    SAME,
    SKIP,
    Candidate,
    Change,
    Field,
    Kind,
    Line,
    Mended,
    Options,
    Outcome,
    Plan,
    Planned,
    Refused,
    Remark,
    by_slug,
    register,
)

__all__ = [
    "CREATE",
    "KINDS",
    "SAME",
    "SKIP",
    "Candidate",
    "Change",
    "Field",
    "Kind",
    "Line",
    "Mended",
    "Options",
    "Outcome",
    "Plan",
    "Planned",
    "Refused",
    "Remark",
    "by_slug",
    "register",
]
