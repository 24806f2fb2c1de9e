"""What deploy/ says is what the program is: its variables, its paths, its commands, and how long it takes to stop."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import COMMANDS
from bot.ending import STOP_WITHIN_SECONDS
from bot.wiring import variables

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def manifests() -> list[Any]:
    """Return every Kubernetes object."""
    return [
        found
        for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
        for found in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    ]


def compose() -> Any:
    """Return the compose file."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def containers() -> list[Any]:
    """Return every container that Kubernetes is to run."""
    return [
        container
        for found in manifests()
        if found["kind"] in ("Deployment", "Job")
        for container in found["spec"]["template"]["spec"]["containers"]
    ]


def test_variables_are_the_programs() -> None:
    """No file sets a variable that nothing reads; the database's password is the compose file's own."""
    named = {
        name
        for path in DEPLOY.rglob("*")
        if path.is_file()
        for name in re.findall(r"\b(?:SAMLAS|SLACK|MICROSOFT)_[A-Z_]+", path.read_text(encoding="utf-8"))
    }

    assert named - variables() == {"SAMLAS_DATABASE_PASSWORD"}


def test_every_way_of_serving_can_be_filled_in() -> None:
    """The example has what each way of Slack and Teams needs; what it leaves out has a default."""
    named = set(re.findall(r"^([A-Z_]+)=", _text("samlas.env.example"), re.MULTILINE))

    assert variables() - named == {
        "SAMLAS_DATABASE_URL",
        "SAMLAS_HOST",
        "SAMLAS_PORT",
        "SLACK_API_URL",
        "MICROSOFT_APP_CERTIFICATE_PATH",
        "MICROSOFT_APP_LIMITS_PER_CONVERSATION",
        "MICROSOFT_APP_LIMIT_PER_TENANT",
    }


def test_kubernetes_sets_no_variable_of_the_programs() -> None:
    """A service named samlas makes Kubernetes set SAMLAS_PORT to an address, unless it is told not to."""
    pods = [found["spec"]["template"]["spec"] for found in manifests() if found["kind"] in ("Deployment", "Job")]

    assert [pod["enableServiceLinks"] for pod in pods] == [False, False]


def test_files_that_are_named_are_there() -> None:
    """The unit names nothing below /opt/samlas but what installing puts there."""
    assert set(re.findall(r"/opt/samlas[/\w.-]*", _text("samlas.service"))) == {"/opt/samlas", "/opt/samlas/bin/samlas"}


def test_commands_are_the_programs() -> None:
    """What is run is a command of `samlas`."""
    services = [service for name, service in compose()["services"].items() if name != "database"]
    run = [one["command"] for one in services] + [one["args"] for one in containers()]
    unit = re.findall(r"^Exec\w+=/opt/samlas/bin/samlas (\w+)$", _text("samlas.service"), re.MULTILINE)

    assert {words[0] for words in run} | set(unit) == {"serve", "migrate"}
    assert set(COMMANDS) > {"serve", "migrate"}


def test_health_is_asked_where_it_is_told() -> None:
    """Probes ask the paths that `samlas serve` answers: alive or not, and ready or not, are two questions."""
    [serving] = [one for one in containers() if one["args"] == ["serve"]]

    paths = {probe: serving[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe", "startupProbe")}

    assert paths == {"livenessProbe": "/healthz", "readinessProbe": "/readyz", "startupProbe": "/healthz"}
    assert "/readyz" in " ".join(compose()["services"]["samlas"]["healthcheck"]["test"])


def test_time_to_stop() -> None:
    """Whoever stops a process waits for longer than it takes to hand back what is under way."""
    [deployment] = [found for found in manifests() if found["kind"] == "Deployment"]
    pod = deployment["spec"]["template"]["spec"]
    before = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])

    assert pod["terminationGracePeriodSeconds"] - before > STOP_WITHIN_SECONDS
    assert int(compose()["services"]["samlas"]["stop_grace_period"].removesuffix("s")) > STOP_WITHIN_SECONDS
    assert int(_setting("samlas.service", "TimeoutStopSec")) > STOP_WITHIN_SECONDS


def test_one_step_migrates_and_nothing_serves_before_it() -> None:
    """With PostgreSQL, bringing the tables up to date is a step of its own."""
    waits_for = compose()["services"]["samlas"]["depends_on"]
    [job] = [found for found in manifests() if found["kind"] == "Job"]

    assert waits_for == {"migrate": {"condition": "service_completed_successfully"}}
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == ["migrate"]


@pytest.mark.parametrize("container", containers(), ids=lambda one: str(one["name"]))
def test_nobody_is_root(container: Any) -> None:
    """Containers run as a user of their own, with nothing to write to but what is mounted."""
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert re.search(r"^USER 10001$", _text("Containerfile"), re.MULTILINE)


def test_the_image_has_all_rooms_and_nothing_else() -> None:
    """What is copied into the image is the program, so that no database or `.env` of this folder ever is."""
    let_in = set(re.findall(r"^!(\S+)$", _text("Containerfile.dockerignore"), re.MULTILINE))

    assert _text("Containerfile.dockerignore").startswith("*\n")
    assert {name for name in let_in if (ROOT / name).is_dir()} == {"adapters", "bot", "nudges", "storage"}
    assert [name for name in let_in if not (ROOT / name).exists()] == []


def _text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def _setting(name: str, key: str) -> str:
    [found] = re.findall(rf"^{key}=(.*)$", _text(name), re.MULTILINE)
    return str(found)
