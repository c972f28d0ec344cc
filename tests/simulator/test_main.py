import json
import os
import pty
import shlex
import signal
import subprocess
import sys

import pytest

from binance.simulator import ExchangeProcess
from binance.simulator.__main__ import main
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

ENV = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
PROGRAM = [sys.executable, "-m", "binance.simulator"]

CLIENT = """
import json, os, ssl, sys, urllib.request
context = ssl.create_default_context(cafile=os.environ["BINANCE_CA_FILE"])
url = os.environ["BINANCE_API_URL"] + "/api/v3/exchangeInfo"
print(len(json.load(urllib.request.urlopen(url, context=context))["symbols"]), sys.argv[1:])
sys.exit(7)
"""


def test_serving_says_where_in_one_line_and_ends_on_ctrl_c():
    process = subprocess.Popen(
        [*PROGRAM, "--symbols", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV
    )
    got = json.loads(process.stdout.readline())
    assert set(got) == {"http", "ws", "ws_api", "ca_file", "pid", "control"}
    assert got["pid"] == process.pid
    assert os.path.exists(got["ca_file"])
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=paced(10))
    assert (process.returncode, out, errors) == (0, b"", b"")
    assert not os.path.exists(got["ca_file"])


def test_run_points_a_command_at_a_simulator_and_exits_with_its_code():
    done = subprocess.run(
        [*PROGRAM, "run", "--symbols", "3", "--", sys.executable, "-c", CLIENT, "a", "b c"],
        capture_output=True,
        text=True,
        env=ENV,
        timeout=paced(60),
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "3 ['a', 'b c']\n", "")


def test_run_shows_what_the_simulator_reported(monkeypatch, capsys):
    monkeypatch.setattr(ExchangeProcess, "errors", lambda self: "its clock has failed")
    assert main(["run", "--symbols", "1", "--plain", "--", sys.executable, "-c", ""]) == 0
    assert capsys.readouterr().err == "its clock has failed\n"


def test_on_a_terminal_it_prints_lines_for_a_shell():
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "--symbols", "2"], stdout=slave, stderr=subprocess.PIPE, env=ENV
    )
    os.close(slave)
    with open(master, encoding="utf-8", buffering=1, closefd=True, errors="strict") as terminal:
        lines = [terminal.readline().strip()]
        while not lines[-1].startswith("#"):
            lines.append(terminal.readline().strip())
        process.send_signal(signal.SIGINT)
        assert process.wait(paced(10)) == 0
    assert process.stderr.read() == b""
    process.stderr.close()
    words = [shlex.split(line) for line in lines[:-1]]
    assert all(word[0] == "export" and len(word) == 2 for word in words)
    found = dict(word[1].split("=", 1) for word in words)
    assert found["BINANCE_STREAM_URL"].startswith("wss://localhost:")
    assert (found["BINANCE_API_KEY"], found["BINANCE_API_SECRET"]) == ("K" * 64, "S" * 64)
    assert lines[-1] == "# serving until Ctrl-C; paste these lines into another terminal"


def test_run_exports_the_keys_of_the_test_account():
    script = (
        "import os; from binance.client import Client; "
        "c = Client(os.environ['BINANCE_API_KEY'], os.environ['BINANCE_API_SECRET']); "
        "print(c.get_account()['canTrade'], os.environ.get('BINANCE_PRIVATE_KEY_FILE'))"
    )
    done = subprocess.run(
        [*PROGRAM, "run", "--symbols", "1", "--", sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=ENV | {"BINANCE_API_KEY": "own", "BINANCE_PRIVATE_KEY_FILE": "/own.pem"},
        timeout=paced(60),
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "True None\n", "")


def test_run_lets_no_proxy_come_between():
    script = "import os; print(os.environ['NO_PROXY'])"
    done = subprocess.run(
        [*PROGRAM, "run", "--symbols", "1", "--", sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=ENV | {"NO_PROXY": "example.org", "HTTPS_PROXY": "http://127.0.0.1:1"},
        timeout=paced(60),
        check=False,
    )
    assert done.stdout == "example.org,localhost,127.0.0.1,::1\n"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("run", "--symbols", "2"), 2, "no command: give it after --"),
        (("run", "--symbols", "0", "--", "true"), 2, "symbols must be 1 to 1500"),
        (("run", "--", "/no/such/command"), 127, "/no/such/command"),
        (("--fault", "explode"), 2, "unknown fault kind 'explode'; allowed: refuse"),
        (("--fault", "bad_certificate", "--plain"), 2, "this simulator is plain"),
        (("--replay", "/no/such/file"), 2, "/no/such/file"),
        (("--speed", "-1", "--replay", __file__), 2, "the first line is not"),
        (("--rate", "0"), 2, "a rate must be more than 0"),
        (("--limits", "perhaps"), 2, "limits must be enforce, count or off"),
        (("--nonsense",), 2, "unrecognized arguments: --nonsense"),
    ],
)
def test_errors_are_explained(arguments, code, says, capsys):
    try:
        found = main(arguments)
    except SystemExit as ended:
        found = ended.code
    assert found == code
    assert says in capsys.readouterr().err


def test_ctrl_c_is_the_command_s_business():
    script = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(5))\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [*PROGRAM, "run", "--symbols", "1", "--", sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENV,
        start_new_session=True,
    )
    assert process.stdout.readline() == b"ready\n"
    os.killpg(process.pid, signal.SIGINT)
    out, errors = process.communicate(timeout=paced(20))
    assert (process.returncode, out, errors) == (5, b"", b"")


def test_sigterm_is_passed_on():
    process = subprocess.Popen(
        [*PROGRAM, "run", "--symbols", "1", "--", sys.executable, "-c", "input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENV,
    )
    child = f"/proc/{process.pid}/task/{process.pid}/children"
    while os.path.exists(child):
        with open(child) as file:
            if len(file.read().split()) == 2:  # the simulator and the command
                break
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=paced(20))  # before its input ends, which would end the command, too
    process.communicate()
    assert process.returncode == 128 + signal.SIGTERM


def test_help_shows_what_there_is(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    for option in ("--seed", "--replay", "--fault", "--pong-timeout", "--until-stdin-closes"):
        assert option in out
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    assert "-- COMMAND" in capsys.readouterr().out
