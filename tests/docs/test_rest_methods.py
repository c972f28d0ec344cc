"""The generated REST methods are those of the text, and each has a route."""

from types import SimpleNamespace

import pytest

from binance.client import Client
from binance.rest import generated
from binance.sansio.names import routes

HEAD = "int: limit\n\n[Some] Some calls.\n\n"


def test_the_module_is_up_to_date(modules: SimpleNamespace) -> None:
    made = modules.rest_methods.generated(modules.rest_methods.SOURCE.read_text(encoding="utf-8"))
    written = modules.rest_methods.TARGET.read_text(encoding="utf-8")
    assert written == made, "run: python docs/rest_methods.py"


def test_each_method_has_a_route_and_is_the_clients() -> None:
    classes = [
        each
        for each in vars(generated).values()
        if getattr(each, "__module__", "") == generated.__name__
    ]
    names = [name for each in classes for name in vars(each) if not name.startswith("_")]
    assert len(names) > 140
    assert not set(names) - set(routes.table())
    assert not [name for name in names if not callable(getattr(Client, name))]


@pytest.mark.parametrize(
    ("written", "parameters"),
    [
        ("limit", "limit: int | None = None"),
        ("limit!", "limit: int = NEEDED"),
        ("limit!!", "limit: int"),
        ("side", "side: str | None = None"),
        ("side:bool!", "side: bool = NEEDED"),
        ("side=BUY", 'side: str = "BUY"'),
    ],
)
def test_the_notation_of_parameters(
    modules: SimpleNamespace, written: str, parameters: str
) -> None:
    made = modules.rest_methods.generated(f"{HEAD}call({written}) -> Array\n    What it does.\n")
    assert f"    def call(self, *, {parameters}, **params: Any) -> Array:\n" in made


def test_what_is_no_method_is_refused(modules: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="not a method: 'call limit'"):
        modules.rest_methods.generated(f"{HEAD}call limit\n")
