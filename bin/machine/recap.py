"""A pytest plugin: what failed earlier in the same bin/test is counted and shown in the last run's summary.

bin/test runs checks, then pytest on SQLite, then pytest on PostgreSQL; BDE_TEST_RECAP names the file that carries failures
from one to the next, so that the summary line at the very end is never green after an earlier red.
"""

import os
from pathlib import Path

import pytest

FILE = os.environ.get("BDE_TEST_RECAP", "")
RUN = os.environ.get("BDE_TEST_RUN", "")
earlier = Path(FILE).read_text().splitlines() if FILE and Path(FILE).exists() else []


def note(line: str) -> None:
    """Adds one failure to what the next runs will show."""
    with Path(FILE).open("a") as out:
        out.write(f"{line}\n")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes a failed test, once, in the process that sees all of them."""
    if FILE and report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        note(f"{RUN}: {report.nodeid}")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Notes a test file that could not be read."""
    if FILE and report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        note(f"{RUN}: {report.nodeid}, not collected")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Shows the earlier failures above the summary line, and counts them in it."""
    if not earlier:
        return
    terminalreporter.section("failed earlier in this bin/test", red=True)
    for line in earlier:
        terminalreporter.line(line, red=True)
        terminalreporter.stats.setdefault("failed", []).append(
            pytest.TestReport(line, ("", None, ""), {}, "failed", None, "call")
        )
