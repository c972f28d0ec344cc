"""The distribution's metadata. The tools' settings are in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r'^__version__ = "([^"]+)"', (HERE / "binance/__init__.py").read_text(), re.M)
assert VERSION is not None

# Lower bounds are what `tox -e lowest` runs the whole suite against (constraints/lowest.txt).
# autobahn 25.9.1 to 25.12.1 are broken, and what is older has not been tried. Twisted before
# 26.4 tells a TLS handshake complete before it has refused a wrong host. service-identity before
# 24.2 calls what pyOpenSSL has deprecated. requests 2.32.0 to 2.32.2 ignore an adapter's context.
RUNTIME = [
    "autobahn>=26.6.1",
    "certifi>=2024.2.2",
    "cryptography>=42.0.0",
    "orjson>=3.10.0",
    "pyOpenSSL>=24.3.0",
    "requests>=2.32.3",
    "service-identity>=24.2.0",
    "Twisted>=26.4.0",
]
CLI = ["click>=8.1.0", "rich>=13.7.0"]
DOCS = ["furo>=2024.8.6", "pytest>=8.2", "sphinx>=8.1"]
EXTRAS = {
    # Free-form dates ('last Tuesday') in binance.helpers.date_to_milliseconds.
    "dates": ["dateparser>=1.2.0"],
    "cli": CLI,
    "test": [
        *CLI,
        "greenlet>=3.1",
        "hypothesis>=6.100",
        "pandas>=2.2",  # for one of the examples
        "pytest>=8.2",
        "pytest-timeout>=2.3",
        "pytest-xdist>=3.6",
        "sphinx>=8.1",
    ],
    "docs": [*CLI, "furo>=2024.8.6", "pytest>=8.2", "sphinx>=8.1"],
    "bench": ["matplotlib>=3.8"],
    # For work on this package.
    "mutants": ["cosmic-ray>=8.4"],
    "lint": [*CLI, "mypy>=2.4,<3", "pytest>=8.2", "ruff>=0.17,<0.18", "types-requests"],
}

setup(
    name="binance-socket-manager",
    version=VERSION[1],
    description="The Twisted BinanceSocketManager for the Binance exchange of today",
    long_description=(HERE / "README.rst").read_text(encoding="utf-8"),
    long_description_content_type="text/x-rst",
    license="MIT",
    license_files=["LICENSE"],
    python_requires=">=3.11",
    packages=find_packages(include=["binance", "binance.*"]),
    package_data={"binance": ["py.typed"]},
    install_requires=RUNTIME,
    extras_require=EXTRAS,
    entry_points={"console_scripts": ["binance-sockets = binance.cli:main"]},
    keywords="binance websocket twisted autobahn market data",
    classifiers=[
        "Development Status :: 4 - Beta",
        "Framework :: Twisted",
        "Intended Audience :: Developers",
        "Intended Audience :: Financial and Insurance Industry",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Office/Business :: Financial :: Investment",
        "Typing :: Typed",
    ],
)
