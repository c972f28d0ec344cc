"""What runs a relay for months: systemd unit, Dockerfile, dashboard and alerts name what exists."""

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from binance.cli.app import NAME, commands
from binance.cli.service.relay import relay

FOLDER = Path(__file__).parents[2] / "examples/service"
DIRECTIVE = re.compile(r"^([A-Z]+)\s+(.*)$", re.M)


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8").replace("\\\n", " ")


def unit() -> dict[str, list[str]]:
    """The settings of the service, each with its values."""
    found: dict[str, list[str]] = {}
    for line in text_of("binance-relay.service").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def dockerfile() -> dict[str, str]:
    return dict(DIRECTIVE.findall(text_of("Dockerfile")))


def parsed(arguments: list[str]) -> click.Context:
    """What the command line makes of these arguments, without running the command."""
    name, command, *rest = arguments
    assert Path(name).name == NAME
    return commands.commands[command].make_context(command, rest)


UNIT_COMMAND = shlex.split(unit()["ExecStart"][0])
CONTAINER_COMMAND = [
    one for name in ("ENTRYPOINT", "CMD") for one in json.loads(dockerfile()[name])
]


@pytest.mark.parametrize("arguments", [UNIT_COMMAND, CONTAINER_COMMAND], ids=["unit", "container"])
def test_the_command_line_takes_the_arguments(arguments, monkeypatch):
    monkeypatch.setenv("NATS_URL", "nats://localhost:4222")
    with parsed(arguments) as context:
        assert context.command is relay
        assert context.params["url"] == "nats://localhost:4222"
        assert context.params["gapless"]
        assert context.params["checkpoint"].endswith("checkpoint")
        assert len(context.params["streams"]) == 4
        assert "8900" in arguments[arguments.index("--status") + 1]


def test_a_wrong_option_is_found(monkeypatch):
    monkeypatch.setenv("NATS_URL", "nats://localhost:4222")
    with pytest.raises(click.UsageError):
        parsed([*UNIT_COMMAND, "--no-such-option"])


@pytest.mark.parametrize("variable", ["NATS_URL", "NATS_CREDS"])
def test_the_variables_are_those_of_options(variable):
    assert variable in {option.envvar for option in relay.params}
    page = FOLDER.parents[1] / "docs/howto/months.rst"
    assert variable in text_of("binance-relay.service") + page.read_text(encoding="utf-8")


def test_the_unit_is_closed_off():
    settings = unit()
    for name, wanted in {
        "DynamicUser": "yes",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "Restart": "on-failure",
        "KillSignal": "SIGINT",
        "CapabilityBoundingSet": "",
    }.items():
        assert settings[name] == [wanted]
    assert "ProcSubset" not in settings  # `pid` hides /proc/stat, which metrics of the process need
    [credential] = settings["LoadCredential"]
    assert f"NATS_CREDS=%d/{credential.partition(':')[0]}" in settings["Environment"]
    assert settings["StateDirectory"] == ["binance-relay"]


def test_the_container_runs_as_a_user_and_is_checked():
    found = dockerfile()
    assert found["FROM"].endswith("-slim")
    assert f"useradd --system --uid 10001 --no-create-home {found['USER']}" in found["RUN"]
    assert found["STOPSIGNAL"] == "SIGINT"
    command = shlex.split(found["HEALTHCHECK"].partition(" CMD ")[2])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "HEALTHCHECK", "exec")
    assert f":{CONTAINER_COMMAND[CONTAINER_COMMAND.index('--status') + 1]}/health" in command[2]


# metrics

WORD = re.compile(r"\bbinance_\w+")


def metrics() -> set[str]:
    """The names under which Prometheus stores the metrics."""
    from binance.sansio.status.metrics import METRICS

    return {one.name + "_total" * (one.kind == "counter") for one in METRICS}


def expressions() -> list[str]:
    board = json.loads(text_of("grafana.json"))
    return [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]


def test_the_dashboard_shows_each_metric_and_no_other():
    assert {name for text in expressions() for name in WORD.findall(text)} == metrics()


def test_counters_are_shown_as_rates_and_gauges_are_not():
    for text in expressions():
        for name in WORD.findall(text):
            is_rate = re.search(rf"(rate|increase)\({name}\{{", text) is not None
            assert is_rate is name.endswith("_total"), text


def test_panels_have_their_own_places():
    panels = json.loads(text_of("grafana.json"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert all(x < 24 for x, _ in cells)


def test_alerts_use_metrics_that_exist():
    rules = re.findall(r"^ +expr: (.+)$", text_of("alerts.yml"), re.M)
    names = {name for rule in rules for name in WORD.findall(rule)}
    assert len(rules) == text_of("alerts.yml").count("- alert:") == 10
    assert names <= metrics()


def test_the_alert_fires_if_no_relay_is_there():
    [rule] = [line for line in text_of("alerts.yml").splitlines() if "up{" in line]
    [job] = re.findall("job_name: (.+)", text_of("prometheus.yml"))
    # A filter such as `== 1` leaves nothing of relays that are down: no count, and no alert.
    assert rule.strip() == f'expr: sum(up{{job="{job}"}}) < 2'
