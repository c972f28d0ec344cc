"""This library beside its peers, on this machine: one command builds all that is needed.

    python benchmarks/bench_peers.py [--quick] [--rounds 7] [--cases 'burst;paced'] [--only ours]

Each peer gets an environment of its own under `benchmarks/.envs`, and the same frames from the
same separate load process; the rounds are interleaved, so that whatever else the machine does hits
all alike; medians are reported. A client that has not received every message fails the run. The
load process keeps to one CPU and the client to another where there are two.

A CPU that is shared with other machines may be at half of its pace for seconds. So its pace is
measured before and after each run, and where it was well below its usual one the run is repeated,
twice at most; the least disturbed one counts, whatever it brought, and for all alike.

One stall of the machine for 30 ms decides the 99th percentile of a paced run of four seconds;
`--times 4` makes the runs so much longer.

Whether ours is ahead is decided by the rounds in pairs, not by the medians: see `verdicts.py`. That
takes six rounds or more; a full report has fifteen.

Writes `peers.json`, `peers.txt` and two plots into `benchmarks/results`, or where `--results` says,
and prints the table.
"""

from __future__ import annotations

import argparse
import datetime
import ipaddress
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from contenders import (
    CASES,
    CONTENDERS,
    ENVIRONMENTS,
    FEW,
    FLOOR,
    IDLE,
    NAMED,
    OURS,
    STOCK,
    Case,
    Contender,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from verdicts import interval, noise, paired, verdict

HERE = Path(__file__).parent
ENVS = HERE / ".envs"
RESULTS = HERE / "results"
LIMIT = 60  # seconds for one run of one client
TRIES = 3  # of a run, until the machine was quiet
QUIET = 1.25  # times what the same work usually takes

# What the pace of the CPU is measured with.
WORK = json.dumps({"numbers": list(range(50)), "texts": [str(i / 7) for i in range(50)]})

Result = dict[str, Any]


# -- environments


def python_of(environment: str) -> Path:
    """The interpreter of a peer's environment."""
    return ENVS / environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def build(environment: str) -> None:
    """Make an environment, once for each list of requirements and interpreter."""
    wanted = json.dumps([sys.version, ENVIRONMENTS[environment]])
    stamp = ENVS / environment / "built"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"building the environment of {environment}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVS / environment], check=True)
    pip = [python_of(environment), "-m", "pip", "install", "--quiet"]
    pip.append("--disable-pip-version-check")
    subprocess.run([*pip, *ENVIRONMENTS[environment]], check=True)
    stamp.write_text(wanted)


def versions(environment: str) -> dict[str, str]:
    """The versions of what matters in an environment."""
    code = (
        "import importlib.metadata as m, json, sys\n"
        "print(json.dumps({d.name: d.version for d in m.distributions()}))"
    )
    listed = subprocess.run(
        [python_of(environment), "-c", code], check=True, capture_output=True, text=True
    )
    found = json.loads(listed.stdout)
    return {name: v for name, v in found.items() if name.lower().replace("_", "-") in NAMED}


def certificates(folder: Path) -> tuple[str, str]:
    """A throw-away CA, and a server's key with its certificate for 127.0.0.1: two PEM files."""
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "benchmark CA")])

    def certificate(name: x509.Name, public: Any, *extensions: tuple[Any, bool]) -> bytes:
        builder = x509.CertificateBuilder(
            issuer_name=ca_name,
            subject_name=name,
            public_key=public,
            serial_number=x509.random_serial_number(),
            not_valid_before=now - day,
            not_valid_after=now + day,
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        signed = builder.sign(ca_key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    ca = folder / "ca.pem"
    # Python 3.13 and newer verify strictly: these extensions are asked for.
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    ca.write_bytes(
        certificate(
            ca_name,
            ca_key.public_key(),
            (x509.BasicConstraints(ca=True, path_length=None), True),
            (usage, True),
            (identifier, False),
        )
    )
    own = folder / "server.pem"
    own.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]),
            key.public_key(),
            (
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
                False,
            ),
            (
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
                False,
            ),
        )
    )
    return str(ca), str(own)


# -- runs


class Bench:
    """Runs clients against load processes."""

    def __init__(self, ca_file: str, certificate: str) -> None:
        self.ca_file, self.certificate = ca_file, certificate
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        self.client_core, self.load_core = cores[:2] if len(cores) > 1 else (-1, -1)
        if self.client_core >= 0:  # where the pace is of interest; nothing else is done here
            os.sched_setaffinity(0, {self.client_core})
        self.paces = [self.pace() for _ in range(20)]

    def pace(self) -> float:
        """CPU ms that a fixed piece of work takes now."""
        began = time.process_time_ns()
        for _ in range(1000):
            json.loads(WORK)
        return (time.process_time_ns() - began) / 1e6

    def slowness(self, result: Result) -> float:
        """The time that work took around a run, by what it took in the middle of all times."""
        return float(result["pace"] / statistics.median(self.paces))

    def is_quiet(self, result: Result) -> bool:
        """Whether the machine was at its usual pace around a run."""
        return self.slowness(result) <= QUIET

    def steady(self, contender: Contender, case: Case) -> Result:
        """One client, once: the least disturbed of some tries."""
        tries: list[Result] = []
        for _ in range(TRIES):
            before = self.pace()
            result = self.run(contender, case)
            around = [before, self.pace()]
            self.paces += around
            tries.append(result | {"pace": max(around)})
            if self.is_quiet(tries[-1]):
                break
        return min(tries, key=lambda result: float(result["pace"]))

    def run(self, contender: Contender, case: Case) -> Result:
        """One client, once."""
        order = {
            "kind": case.kind,
            "messages": case.amount(contender),
            "connections": case.connections,
            "rate": case.rate,
        }
        command: list[Any] = [python_of(contender.environment), HERE / "clients" / contender.script]
        if contender.name == FLOOR:
            return self.client(command, order | {"url": "", "ca_file": ""})
        load = subprocess.Popen(
            [
                sys.executable,
                HERE / "load.py",
                json.dumps(
                    order
                    | {"certificate": self.certificate if case.tls else "", "core": self.load_core}
                ),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert load.stdout is not None
            port = json.loads(load.stdout.readline())["port"]
            scheme = "wss" if case.tls else "ws"
            result = self.client(
                command,
                order
                | contender.order
                | {
                    "url": f"{scheme}://127.0.0.1:{port}/",
                    "ca_file": self.ca_file if case.tls else "",
                },
            )
            load.wait(LIMIT)
        finally:
            if load.poll() is None:
                load.kill()
                load.wait()
        if load.returncode:
            raise SystemExit(f"{contender.name}, {case.name}: the load process failed")
        return result

    def client(self, command: list[Any], order: Result) -> Result:
        """Run a client's script to its end; its result."""
        environ = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        environ["SSL_CERT_FILE"] = order["ca_file"] or environ.get("SSL_CERT_FILE", "")
        if not environ["SSL_CERT_FILE"]:
            del environ["SSL_CERT_FILE"]
        ended = subprocess.run(  # noqa: PLW1510 - its output tells what went wrong
            [*command, json.dumps(order | {"core": self.client_core})],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env=environ,
            cwd=HERE / "clients",
        )
        try:
            result: Result = json.loads(ended.stdout.splitlines()[-1])
        except (IndexError, ValueError):
            raise SystemExit(f"{command[1]} failed:\n{ended.stdout}\n{ended.stderr}") from None
        if order["messages"] and result["messages"] != order["messages"]:
            raise SystemExit(f"{command[1]} got {result['messages']} of {order['messages']}")
        if order["messages"] and order["connections"] == 1 and result["last"] != order["messages"]:
            raise SystemExit(
                f"{command[1]} got number {result['last']} of {order['messages']} last"
            )
        return result

    def import_seconds(self, contender: Contender) -> float:
        """Time to start an interpreter and import the library, less the bare interpreter's."""

        def seconds(code: str) -> float:
            timed = (
                "import subprocess, sys, time; began = time.perf_counter(); "
                f"subprocess.run([sys.executable, '-c', {code!r}], check=True); "
                "print(time.perf_counter() - began)"
            )
            python = python_of(contender.environment)
            ended = subprocess.run(
                [python, "-c", timed], check=True, capture_output=True, text=True, cwd=ENVS
            )
            return float(ended.stdout)

        return seconds(f"import {contender.imports}") - seconds("pass")


def rows(
    bench: Bench, rounds: int, cases: list[Case], contenders: list[Contender]
) -> dict[str, dict[str, list[Result]]]:
    """All rounds of all cases, interleaved: case, contender, results.

    Each round begins with another contender, so that none always runs after the same one.
    """
    found: dict[str, dict[str, list[Result]]] = {}
    for number in range(rounds):
        first = number % len(contenders)
        for case in cases:
            for contender in contenders[first:] + contenders[:first]:
                if case.who and contender.name not in case.who:
                    continue
                if contender.name == FLOOR and (case.rate or case.tls):
                    continue
                if contender.name == STOCK and not (case.rate or case.tls):
                    continue
                result = bench.steady(contender, case)
                found.setdefault(case.name, {}).setdefault(contender.name, []).append(result)
                print(
                    f"round {number + 1} of {rounds}, {case.name}, {contender.name}: "
                    f"{result['rate']:,.0f}/s, {result['cpu']:.2f} µs, "
                    f"the machine at {bench.slowness(result):.2f}",
                    flush=True,
                )
    return found


def medians(results: list[Result]) -> Result:
    """The median of each figure."""
    names = [name for name in ("rate", "cpu", "p50", "p99") if name in results[0]]
    return {name: statistics.median(result[name] for result in results) for name in names}


def judged(row: dict[str, list[Result]], doubt: float) -> dict[str, str]:
    """For each contender whether ours is ahead, and between which two ratios the true one is.

    Bursts are judged by their rate, paced runs, where the rate is given, by CPU time.
    """
    found = {}
    for name, theirs in row.items():
        if name == OURS or OURS not in row:
            continue
        key = "cpu" if "p50" in theirs[0] else "rate"
        pairs = list(zip(row[OURS], theirs, strict=True))
        ratios = paired(
            [ours[key] for ours, _ in pairs],
            [other[key] for _, other in pairs],
            [ours["pace"] / other["pace"] for ours, other in pairs],
        )
        between = "{:.2f} .. {:.2f}".format(*interval(ratios)) if ratios else "no pair counts"
        found[name] = f"{verdict(ratios, doubt=doubt, is_cost=key == 'cpu')}, {between}"
    return found


# -- the report


def table(report: Result) -> Iterator[str]:
    """The report as text."""
    machine = report["machine"]
    yield f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, {machine['python']}"
    yield (
        f"medians of {report['rounds']} rounds; load average {machine['load']}; "
        f"quiet around {report['quiet']:.0%} of the runs; its pace differs by {report['noise']:.1%}"
    )
    for name, case in report["cases"].items():
        yield ""
        yield name
        yield (
            f"  {'':26} {'messages/s':>12} {'of ours':>8} {'CPU µs/msg':>11} {'of ours':>8}"
            f" {'p50 µs':>8} {'p99 µs':>8}   ours is"
        )
        ours = case.get(OURS)
        for contender, figures in case.items():
            shares = ["", ""]
            if ours is not None:
                shares = [f"{figures[key] / ours[key]:.2f}" for key in ("rate", "cpu")]
            latency = [f"{figures[key]:.0f}" if key in figures else "" for key in ("p50", "p99")]
            yield (
                f"  {contender:26} {figures['rate']:12,.0f} {shares[0]:>8} {figures['cpu']:11.2f}"
                f" {shares[1]:>8} {latency[0]:>8} {latency[1]:>8}"
                f"   {report['verdicts'][name].get(contender, '')}".rstrip()
            )
    if report["imports"]:
        yield ""
        yield "import, s"
        for contender, seconds in report["imports"].items():
            yield f"  {contender:26} {seconds:12.2f}"
    if report["idle"]:
        yield ""
        yield "idle connections over TLS, resident MB"
        for contender, sizes in report["idle"].items():
            shown = ", ".join(f"{number}: {kb / 1024:.0f}" for number, kb in sizes.items())
            yield f"  {contender:26} {shown}"


def plot(report: Result, folder: Path) -> None:
    """Two plots, of the bursts and of the paced runs."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    def bars(file: str, title: str, unit: str, cases: dict[str, str], key: str) -> None:
        shown = {
            label: report["cases"][name] for name, label in cases.items() if name in report["cases"]
        }
        if not shown:
            return
        names = list(next(iter(shown.values())))[::-1]
        figure, axes = pyplot.subplots(figsize=(8, 0.6 + 0.45 * len(names)), layout="constrained")
        height = 0.8 / len(shown)
        for i, (label, case) in enumerate(shown.items()):
            values = [case.get(name, {}).get(key, 0) for name in names]
            places = [place - i * height for place in range(len(names))]
            drawn = axes.barh(places, values, height, label=label, color=("#1b6ca8", "#7fb7be")[i])
            axes.bar_label(drawn, [f"{v:,.0f}" if v else "" for v in values], padding=3, fontsize=8)
        axes.set_yticks([place - 0.2 for place in range(len(names))], names)
        axes.set_xlabel(unit)
        axes.set_title(title, loc="left", fontsize=11)
        axes.margins(x=0.14)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="lower right")
        figure.savefig(folder / file, dpi=130)
        pyplot.close(figure)

    bars(
        "burst.png",
        "Trade frames in a burst, parsed and handed to a callback",
        "messages/s (more is better)",
        {"burst": "plain", "burst, TLS": "TLS"},
        "rate",
    )
    bars(
        "paced.png",
        "5,000 trade frames a second, one write each",
        "99th percentile of latency, µs (less is better)",
        {"paced": "plain", "paced, TLS": "TLS"},
        "p99",
    )


def machine() -> Result:
    """What this was measured on."""
    cpu = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next((line.partition(":")[2] for line in lines if line.startswith("model name")), cpu)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0
    return {
        "cpu": cpu.strip(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"Python {platform.python_version()}",
        "load": round(load, 2),
    }


def main() -> None:
    """Build, run, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cases", help="names, separated by semicolons; default: all")
    parser.add_argument("--only", help="contenders, separated by semicolons; default: all")
    parser.add_argument("--quick", action="store_true", help="one round, a tenth of the messages")
    parser.add_argument("--times", type=int, default=1, help="so many times the messages")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder to write to")
    parser.add_argument("--no-extras", action="store_true", help="no import times, no memory")
    given = parser.parse_args()

    cases = [c for c in CASES if not given.cases or c.name in given.cases.split(";")]
    contenders = [c for c in CONTENDERS if not given.only or c.name in given.only.split(";")]
    cases = [replace(case, messages=case.messages * given.times) for case in cases]
    if given.quick:
        given.rounds = 1
        cases = [replace(case, messages=case.messages // 10) for case in cases]
    for environment in dict.fromkeys(contender.environment for contender in contenders):
        build(environment)
    report: Result = {"command": " ".join(sys.argv), "rounds": given.rounds, "machine": machine()}
    report["versions"] = {c.environment: versions(c.environment) for c in contenders}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(*certificates(Path(folder)))
        found = rows(bench, given.rounds, cases, contenders)
        runs = [result for row in found.values() for results in row.values() for result in results]
        report["quiet"] = sum(map(bench.is_quiet, runs)) / len(runs)
        report["noise"] = noise([result["pace"] for result in runs])
        report["verdicts"] = {name: judged(row, report["noise"]) for name, row in found.items()}
        report["cases"] = {
            case: {name: medians(results) for name, results in row.items()}
            for case, row in found.items()
        }
        report["runs"] = found
        report["imports"], report["idle"] = {}, {}
        if not given.no_extras:
            for contender in contenders:
                if contender.imports:
                    times = [bench.import_seconds(contender) for _ in range(min(given.rounds, 5))]
                    report["imports"][contender.name] = statistics.median(times)
                if contender.name in FEW:
                    report["idle"][contender.name] = {
                        str(number): bench.run(
                            contender, Case("idle", messages=0, connections=number, tls=True)
                        )["resident"]
                        for number in IDLE
                    }
    text = "\n".join(table(report)) + "\n"
    print(text)
    given.results.mkdir(parents=True, exist_ok=True)
    (given.results / "peers.json").write_text(json.dumps(report, indent=1) + "\n")
    (given.results / "peers.txt").write_text(text)
    plot(report, given.results)


if __name__ == "__main__":
    main()
