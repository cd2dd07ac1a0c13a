"""The last line of bin/test is never green after an earlier red."""

import os
import subprocess
import sys

from machine.places import BIN


def pytest_on(folder, name: str, run: str) -> subprocess.CompletedProcess[str]:
    """A pytest of its own, without Django, with the plugin and the recap of this folder."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "machine.recap", "-p", "no:django", "-c", os.devnull, name],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(BIN),
            "BDE_TEST_RECAP": str(folder / "recap"),
            "BDE_TEST_RUN": run,
        },
        capture_output=True,
        text=True,
    )


def test_a_failure_of_the_first_run_is_counted_in_the_last_one(tmp_path):
    (tmp_path / "recap").write_text("check: mypy\n")
    (tmp_path / "test_red.py").write_text("def test_red():\n    assert False\n")
    (tmp_path / "test_green.py").write_text("def test_green():\n    assert True\n")
    pytest_on(tmp_path, "test_red.py", "SQLite")
    last = pytest_on(tmp_path, "test_green.py", "PostgreSQL")
    assert "SQLite: test_red.py::test_red" in last.stdout
    assert "check: mypy" in last.stdout
    assert "2 failed, 1 passed" in last.stdout.splitlines()[-1]
