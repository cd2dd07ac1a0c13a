"""What bin/ does to the machine it runs on: packages, environment, assets, data, servers.

Standard library only, run by the system's Python before anything is installed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (this is the check that says so to a person)
    sys.exit(f"bdeplatform demande Python 3.11 ou plus récent ; celui-ci est le {sys.version.split()[0]}.")
