"""Other distributions that install a package named binance are told by name."""

from pathlib import Path

import pytest

from binance.ws.clash import clash_warning


def install(
    site: Path, entry: str, top_level: str | None = None, record: list[str] | None = None
) -> None:
    """What pip leaves of a distribution, as far as it matters here."""
    folder = site / entry
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1\n")
    if top_level is not None:
        (folder / "top_level.txt").write_text(top_level)
    if record is not None:
        (folder / "RECORD").write_text("".join(f"{line},,\n" for line in record))
        for line in record:  # Python 3.12 and newer tell only of files that are there
            (site / line).parent.mkdir(exist_ok=True)
            (site / line).touch()


def test_nothing_installed(tmp_path: Path) -> None:
    assert clash_warning([str(tmp_path)]) is None


def test_ourselves_is_no_clash(tmp_path: Path) -> None:
    install(tmp_path, "binance_socket_manager-0.1.0.dist-info", "binance\n")
    install(tmp_path, "binance_socket_manager.egg-info", "binance\n")
    assert clash_warning([str(tmp_path)]) is None


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("python_binance-1.0.36.dist-info", "python-binance"),
        ("python_binance-0.7.10-py3.8.egg-info", "python-binance"),
        ("binance_connector-3.12.0.dist-info", "binance-connector"),
        ("binance_futures_connector-4.1.0.dist-info", "binance-futures-connector"),
        ("Binance-0.3.152.dist-info", "binance"),
    ],
)
def test_others_are_named_with_the_cure(tmp_path: Path, entry: str, name: str) -> None:
    install(tmp_path, entry, "binance\n")
    warning = clash_warning([str(tmp_path)])
    assert warning is not None
    assert warning.startswith(f"{name} also installs")
    assert f"pip uninstall {name} binance-socket-manager; then" in warning


def test_several_are_told_in_one_warning(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    install(first, "python_binance-1.0.36.dist-info", "binance\n")
    install(second, "binance_connector-1.1.0.dist-info", "binance\ntests\n")
    install(second, "python_binance-1.0.36.dist-info", "binance\n")
    warning = clash_warning([str(first), str(second)])
    assert warning is not None
    assert warning.startswith("binance-connector and python-binance also")
    assert "pip uninstall binance-connector python-binance binance-socket-manager" in warning


@pytest.mark.parametrize(
    ("top_level", "record", "clashes"),
    [
        (None, ["binance/__init__.py", "python_binance-1.dist-info/RECORD"], True),
        (None, ["binance_sdk/__init__.py"], False),
        ("binance_sdk\n", None, False),
        (None, None, True),
    ],
)
def test_only_one_that_installs_the_package_clashes(
    tmp_path: Path, top_level: str | None, record: list[str] | None, clashes: bool
) -> None:
    install(tmp_path, "binance_sdk_spot-9.0.0.dist-info", top_level, record)
    assert (clash_warning([str(tmp_path)]) is not None) == clashes


def test_unrelated_distributions_are_not_even_read(tmp_path: Path) -> None:
    (tmp_path / "requests-2.34.2.dist-info").write_text("not a folder")
    (tmp_path / "binance_notes.txt").write_text("not a distribution")
    assert clash_warning([str(tmp_path)]) is None


def test_entries_of_the_path_that_are_no_folder(tmp_path: Path) -> None:
    archive = tmp_path / "lib.zip"
    archive.write_text("")
    assert clash_warning([str(archive), str(tmp_path / "absent")]) is None


def test_the_present_path_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "python_binance-1.0.36.dist-info", "binance\n")
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    assert clash_warning() is not None
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [""])
    assert clash_warning() is not None
