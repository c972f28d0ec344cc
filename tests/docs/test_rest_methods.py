"""The generated REST methods are those of the text, and each has a route."""

from types import SimpleNamespace

import pytest

from binance.client import Client
from binance.rest import generated
from binance.rest.calls import Calls
from binance.sansio.names import routes

HEAD = "int: limit\n\n[Some] Some\n    Some calls.\n\n"
ROUTE = "GET /api/v3/call NONE"


def test_the_modules_are_up_to_date(modules: SimpleNamespace) -> None:
    script = modules.rest_methods
    text = script.SOURCE.read_text(encoding="utf-8")
    written = [path.read_text(encoding="utf-8") for path in (script.METHODS, script.ROUTES)]
    assert written == [script.methods(text), script.routes(text)], (
        "run: python docs/rest_methods.py"
    )


def test_each_method_has_a_route_and_is_the_clients() -> None:
    classes = [each for each in Client.__mro__ if each.__module__ == generated.__name__]
    classes = [each for each in classes if issubclass(each, Calls)]
    names = [name for each in classes for name in vars(each) if not name.startswith("_")]
    assert len(names) > 140
    assert not set(names) - set(routes.table())
    assert not [name for name in names if not callable(getattr(Client, name))]


def test_constants_are_words_of_enums_or_have_a_value(modules: SimpleNamespace) -> None:
    constants = "[Constants]\n    Words.\n\nof enums:\n    SIDE_BUY\nown:\n    A=a B=b\n\n"
    made = modules.rest_methods.methods(HEAD.replace("[Some]", f"{constants}[Some]"))
    lines = made.partition('"""Words."""')[2].partition("class")[0].split()
    assert " ".join(lines) == '# of enums SIDE_BUY = enums.SIDE_BUY # own A = "a" B = "b"'


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
    made = modules.rest_methods.methods(
        f"{HEAD}call({written}) -> Array\n    {ROUTE}\n    What it does.\n"
    )
    assert f"    def call(self, *, {parameters}, **params: Any) -> Array:\n" in made


def test_what_is_no_method_is_refused(modules: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="not a method: 'call limit'"):
        modules.rest_methods.methods(f"{HEAD}call limit\n")


@pytest.mark.parametrize(
    ("written", "signature", "body"),
    [
        ("[] -> Array", "(self) -> Array", 'self._array("call")'),
        ("[side] -> Object", "(self, side: str | None = None) -> Object", "side=side)"),
        ("[side!!] -> listenKey", "(self, side: str) -> str", 'str(self._object("call", side='),
    ],
)
def test_the_notation_of_methods_that_take_nothing_else(
    modules: SimpleNamespace, written: str, signature: str, body: str
) -> None:
    made = modules.rest_methods.methods(f"{HEAD}call{written}\n    {ROUTE}\n    What it does.\n")
    assert f"    def call{signature}:\n" in made
    assert body in made


@pytest.mark.parametrize(
    ("written", "made", "doc"),
    [
        ("new", "1, State.NEW", "parameters by keyword; needs nothing."),
        ("20 SPOT", "20, State.SAME, **fates.SPOT", "needs nothing."),
        ("0 in_query host=ddata", '0, State.SAME, in_query=True, host="ddata"', "needs nothing."),
        ("was GET /api/v1/call", '1, State.MOVED, was="GET /api/v1/call"', "needs nothing."),
        ("\n    retired: other", '1, State.RETIRED, replacement="other"', "use other: raises"),
        ("\n    retired:", '1, State.RETIRED, replacement=""', "there is no replacement"),
    ],
)
def test_the_notation_of_routes(
    modules: SimpleNamespace, written: str, made: str, doc: str
) -> None:
    text = f"{HEAD}call: {ROUTE} {written}".replace(" \n", "\n")
    row = f'Route("call", "GET", "/api/v3/call", Security.NONE, {made}),'
    assert row in modules.rest_methods.routes(text)
    assert doc in " ".join(modules.rest_methods.methods(text).split())


@pytest.mark.parametrize("route", ["", "FETCH", "GET api", "GET /api/v3/call"])
def test_what_is_no_route_is_refused(modules: SimpleNamespace, route: str) -> None:
    with pytest.raises(ValueError, match=f"not a route of call: '{route}'"):
        modules.rest_methods.routes(f"{HEAD}call: {route}\n")


def test_a_method_written_by_hand_has_a_route_alone(modules: SimpleNamespace) -> None:
    text = f"{HEAD}call by hand: {ROUTE}\n"
    assert "call" not in modules.rest_methods.methods(text).partition("class Some")[2].split()
    assert 'Route("call",' in modules.rest_methods.routes(text)
