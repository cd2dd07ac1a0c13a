"""The compose file: valid, without secrets, and its commands really start against PostgreSQL and Redis."""

import importlib.resources
import json
import os
import re
import shlex
import subprocess
import time

import jsonschema
import pytest
import yaml

from machine import services, supervisor
from machine.places import ROOT, VENV
from machine.processes import start, stop

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_compose_file_follows_the_specification():
    schema = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(COMPOSE, json.loads(schema.read_text()))


def test_each_service_says_when_it_is_well_and_keeps_its_data():
    assert set(COMPOSE["services"]) == {"web", "worker", "beat", "postgres", "redis"}
    assert [name for name, service in COMPOSE["services"].items() if not service.get("healthcheck")] == []
    kept = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service.get("volumes", [])}
    assert kept == set(COMPOSE["volumes"])


def test_every_setting_without_default_is_in_the_example():
    asked = set(re.findall(r"\$\{?\$?\{?(\w+)", (ROOT / "docker-compose.yml").read_text()))
    offered = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.M))
    assert asked <= offered


def test_no_secret_is_committed():
    example = (ROOT / ".env.example").read_text()
    assert re.search(r"^SECRET_KEY=$", example, re.M)
    assert re.search(r"^POSTGRES_PASSWORD=$", example, re.M)
    assert COMPOSE["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def command_of(service: str, port: int) -> list[str]:
    """What compose would run in the container, on a port of this machine."""
    words = [
        word.replace("$$", "$").replace("0.0.0.0:8000", f"127.0.0.1:{port}")
        for word in COMPOSE["services"][service]["command"]
    ]
    return ["sh", "-c", words[2]] if words[:2] == ["sh", "-c"] else words


@pytest.mark.once
def test_web_worker_and_beat_start_on_postgresql_and_redis(tmp_path):
    port = services.free_port()
    with services.postgresql() as database, services.redis() as redis:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO", "BDE_"))}
        env |= {"DATABASE_URL": database, "REDIS_URL": redis, "DATA_DIR": str(tmp_path / "data"), "PORT": str(port)}
        env |= {"PATH": f"{VENV / 'bin'}:{os.environ['PATH']}", "SECRET_KEY": "only-for-this-test"}
        subprocess.run(
            ["python", "manage.py", "collectstatic", "--no-input"], cwd=ROOT, env=env, check=True, capture_output=True
        )
        logs = {name: (tmp_path / f"{name}.log").open("wb") for name in ("web", "worker", "beat")}
        running = {name: start(command_of(name, port), env=env, output=log.fileno()) for name, log in logs.items()}
        try:
            deadline = time.monotonic() + 150
            while not supervisor.answers(f"http://127.0.0.1:{port}/"):
                assert time.monotonic() < deadline, (tmp_path / "web.log").read_text()
                time.sleep(0.3)
            for check in ("web", "servers"):
                told = subprocess.run(
                    shlex.split(f"python bin/healthy {check}"), cwd=ROOT, env=env, capture_output=True, text=True
                )
                assert told.returncode == 0, told.stderr
            time.sleep(2)  # a process that cannot work ends at once
            ended = {
                name: (tmp_path / f"{name}.log").read_text()
                for name, process in running.items()
                if process.poll() is not None
            }
            assert ended == {}
        finally:
            stop(*running.values())
            for log in logs.values():
                log.close()
