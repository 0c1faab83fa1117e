"""What an operator starts several processes with says the same as the code, and fits together.

Whether the programs take the files is tried by `nginx -t`, `kubectl kustomize` and `systemd-analyze verify`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.settings import Settings as ActionsSettings
from backoffice.settings import Settings as BackofficeSettings
from bot.settings import BotSettings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RASA_SETTINGS = {
    "DATA_DIR",
    "RASA_PORT",
    "ACTIONS_PORT",
    "ACTIONS_URL",
    "SERVICE_TOKEN",
    "LOG_LEVEL",
    "PRIVATE_HOST",
    "REDIS_URL",
    "TRACKER_URL",
}
NOT_OF_A_PROCESS = {"VERSION", "CHAT_HOST", "STAFF_HOST"}
"""What only compose itself puts in."""

PORTS = {"bot": 8000, "backoffice": 8001, "actions": 5055, "rasa": 5005, "redis": 6379}


def known_settings() -> set[str]:
    models = (ActionsSettings, BackofficeSettings, BotSettings)
    return RASA_SETTINGS | {name.upper() for model in models for name in model.model_fields}


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yml").read_text())


def documents() -> Iterator[tuple[str, Any]]:
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            yield path.name, document


def of_kind(*kinds: str) -> list[Any]:
    return [document for _, document in documents() if document["kind"] in kinds]


def containers() -> Iterator[Any]:
    for workload in of_kind("Deployment", "StatefulSet"):
        pod = workload["spec"]["template"]["spec"]
        yield from [*pod.get("initContainers", ()), *pod["containers"]]


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(DEPLOY.rglob("*")) if path.suffix in {".yml", ".yaml", ".service", ".example"}],
    ids=lambda path: str(path.relative_to(DEPLOY)),
)
def test_no_file_names_a_setting_that_no_process_reads(path: Path) -> None:
    named = set(re.findall(r"\bSPORTELLO_([A-Z][A-Z_]*[A-Z])\b", path.read_text()))
    assert named <= known_settings() | NOT_OF_A_PROCESS


def test_compose_starts_two_of_each_and_every_name_leads_somewhere(compose: Any) -> None:
    services = compose["services"]
    for kind in ("bot", "backoffice", "actions", "rasa"):
        assert {f"{kind}-1", f"{kind}-2"} <= set(services)
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= set(services), name
        assert set(service["networks"]) <= set(compose["networks"]), name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists(), volume


def test_no_two_containers_have_one_address_and_the_proxy_that_is_believed_is_nginx(compose: Any) -> None:
    services = compose["services"].values()
    inside = [of["inside"] for each in services if isinstance(of := each["networks"], dict)]
    addresses = [each["ipv4_address"] for each in inside]
    assert len(set(addresses)) == len(addresses)
    nginx = compose["services"]["nginx"]["networks"]["inside"]["ipv4_address"]
    assert compose["x-environment"]["FORWARDED_ALLOW_IPS"] == nginx


def test_only_nginx_has_a_door_and_only_who_must_go_out_can(compose: Any) -> None:
    services = compose["services"]
    assert [name for name, each in services.items() if "ports" in each] == ["nginx"]
    outside = {name for name, each in services.items() if "outside" in each["networks"]}
    assert outside == {"nginx", "bot-1", "bot-2", "backoffice-1", "backoffice-2"}
    assert compose["networks"]["inside"]["internal"] is True


def test_the_secret_key_is_told_to_who_signs_or_encrypts_and_to_nobody_else(compose: Any) -> None:
    def knows(setting: str) -> set[str]:
        services = compose["services"].items()
        return {name for name, each in services if setting in each.get("environment", {})}

    backoffices = {"backoffice-1", "backoffice-2", "migrate"}
    assert knows("SPORTELLO_SECRET_KEY") == {"bot-1", "bot-2"} | backoffices
    assert knows("SPORTELLO_DATABASE_URL") == backoffices
    assert knows("SPORTELLO_TRACKER_URL") == {"rasa-1", "rasa-2"}


def test_nginx_knows_the_processes_that_compose_starts(compose: Any) -> None:
    servers = re.findall(r"^\s*server ([a-z]+)-(\d):(\d+)", (DEPLOY / "nginx.conf").read_text(), re.MULTILINE)
    assert {f"{kind}-{number}" for kind, number, _ in servers} <= set(compose["services"])
    assert {(kind, int(port)) for kind, _, port in servers} == {
        (kind, PORTS[kind]) for kind in ("bot", "backoffice", "actions")
    }


def test_no_log_of_nginx_holds_a_query_or_an_address() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    # Its error log has a format of its own: each line ends with the caller and the whole request.
    assert re.findall(r"^\s*error_log (.*);", text, re.MULTILINE) == ["/dev/stderr crit"]
    for variable in ("$remote_addr", "$request_uri", "$args", "$request ", "$http_"):
        assert variable not in text.partition("log_format")[2].partition(";")[0]


def test_what_is_not_for_strangers_ends_at_nginx() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    chat, staff = text.split("server {")[1:3]
    for public in (chat, staff):
        assert "location = /metrics { return 404; }" in public
        assert "location = /health { return 404; }" in public
    assert "location /api/v1/service/ { return 404; }" in staff
    for stream, server in (("/chat/events", chat), ("/live/events", staff)):
        block = server.split(f"location = {stream} {{")[1].split("}")[0]
        assert "proxy_buffering off;" in block


def test_every_service_of_kubernetes_finds_its_pods_and_their_port() -> None:
    workloads = of_kind("Deployment", "StatefulSet")
    pods = {each["spec"]["template"]["metadata"]["labels"]["app"]: each for each in workloads}
    for workload in workloads:
        template = workload["spec"]["template"]
        assert workload["spec"]["selector"]["matchLabels"] == template["metadata"]["labels"]
    for service in of_kind("Service"):
        if "selector" not in service["spec"]:
            assert service["metadata"]["name"] == "nowhere"
            continue
        app = service["spec"]["selector"]["app"]
        ports = pods[app]["spec"]["template"]["spec"]["containers"][0]["ports"]
        assert [port["containerPort"] for port in ports] == [PORTS[app]]
        assert service["spec"]["ports"][0]["port"] == PORTS[app]
        assert service["spec"]["ports"][0]["targetPort"] == ports[0]["name"]


def test_every_pod_is_confined_has_a_memory_limit_and_its_settings_exist() -> None:
    given = {each["metadata"]["name"] for each in of_kind("ConfigMap", "Secret")}
    for container in containers():
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert "memory" in container["resources"]["limits"]
        for source in container.get("envFrom", ()):
            assert next(iter(source.values()))["name"] in given, container["name"]


def test_every_rasa_pod_has_its_address_in_the_list() -> None:
    rasa = next(each for each in of_kind("StatefulSet") if each["metadata"]["name"] == "rasa")
    (config,) = of_kind("ConfigMap")
    addresses = [f"http://rasa-{number}.rasa:5005" for number in range(rasa["spec"]["replicas"])]
    assert config["data"]["SPORTELLO_RASA_URL"] == ",".join(addresses)


def test_an_ingress_leads_only_to_services_that_exist() -> None:
    services = {each["metadata"]["name"] for each in of_kind("Service")}
    for ingress in of_kind("Ingress"):
        for path in ingress["spec"]["rules"][0]["http"]["paths"]:
            assert path["backend"]["service"]["name"] in services


def test_all_manifests_are_applied_but_the_example() -> None:
    (kustomization,) = of_kind("Kustomization")
    listed = {*kustomization["resources"], "kustomization.yaml", "secrets.example.yaml"}
    assert listed == {name for name, _ in documents()}


def test_the_images_are_installed_from_the_locks_by_hash() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    installs = re.findall(r"^RUN .*(?:pip install|pip sync).*$", text, re.MULTILINE)
    assert len(installs) == 3
    assert all("--require-hashes" in line for line in installs)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text()
    for copied in re.findall(r"^COPY (?!--from)(\S+(?: \S+)*) \S+$", text, re.MULTILINE):
        for name in copied.split():
            top = name.split("/")[0]
            assert f"!{top}" in ignored or f"!{name}" in ignored, name


def test_the_units_start_each_process_under_the_port_in_its_name() -> None:
    target = (DEPLOY / "systemd" / "sportello.target").read_text()
    for kind in ("bot", "backoffice", "actions", "rasa"):
        unit = (DEPLOY / "systemd" / f"sportello-{kind}@.service").read_text()
        assert f"SPORTELLO_{kind.upper()}_PORT=%i" in unit
        assert "Restart=always" in unit
        assert "StartLimitIntervalSec=0" in unit.partition("[Service]")[0], (
            "five failures would end it for good"
        )
        assert len(re.findall(rf"sportello-{kind}@\d+\.service", target)) == 2
