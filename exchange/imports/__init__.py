"""A dossier in: read, check, compare, write (contract/dossier.md, B-01 to B-27).

    reading      bytes → rows of values, with their lines
    world        the dossier's rows and the school's, by key
    checking     keys, references, scope, dates, consistency
    planning     created, updated, unchanged, deleted
    writing      statements prepared without a lock, then one short transaction

All or nothing: an error refuses the whole dossier. Importing the same dossier twice writes nothing the second time.
"""

from exchange.imports.running import Outcome, run

__all__ = ["Outcome", "run"]
