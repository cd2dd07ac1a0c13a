"""What this app adds to the bulk actions of the list of partners: sharing figures with them."""

from partners.bulk import PARTNERS
from schools.bulk import BulkAction
from schools.roles import Permission

PARTNERS.register(
    BulkAction(
        "partager-des-indicateurs",
        "Partager des indicateurs",
        "Partager des indicateurs avec {}",
        "Chacun reçoit un lien vers les chiffres que vous choisissez, et ce qui le concerne.",
        Permission.EDIT_SHARES,
        icon="bar-chart",
        url_name="indicators:share_send",
    )
)
