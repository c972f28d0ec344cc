"""Helpers for dates, for intervals, and for the rounding that the exchange's filters require.

Prices and quantities are `decimal.Decimal`. A float argument is used as it is printed: ``0.1`` is
one tenth.
"""

import inspect
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from binance.exceptions import UnknownDateFormat

__all__ = [
    "convert_ts_str",
    "date_to_milliseconds",
    "decimal_text",
    "interval_to_milliseconds",
    "round_price",
    "round_quantity",
    "round_step_size",
    "round_to_step",
]

# Dates.

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

DATE_FORMS = (
    "'2018-01-31', '2018-01-31 14:30:00', '2018-01-31T14:30:00+02:00', '31 Jan, 2018', "
    "'January 31, 2018 14:30', '1 day ago UTC', 'now UTC', or milliseconds as a number"
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_CLOCK = (
    r"(?:[,\s]+(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?)?"
)
_WRITTEN = (  # compiled when the first date is read
    rf"{_DAY}[,\s]+{_MONTH}[,\s]+{_YEAR}{_CLOCK}",
    rf"{_MONTH}[,\s]+{_DAY}[,\s]+{_YEAR}{_CLOCK}",
    rf"{_YEAR}[-/](?P<month>\d{{1,2}})[-/]{_DAY}{_CLOCK}",
)
_SPACE_BEFORE_OFFSET = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)")
_UTC_SUFFIX = re.compile(r"\s*\b(?:utc|gmt)$")
_AGO = re.compile(r"(?P<parts>.+?)\s+ago")
_AGO_PART = re.compile(
    r"(?P<count>\d+|an?)\s*(?P<unit>s|secs?|seconds?|mins?|minutes?|h|hours?|d|days?|w|weeks?"
    r"|months?|y|years?)(?:\s*,\s*|\s+and\s+|\s+|$)"
)
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def date_to_milliseconds(date_str: str | float | datetime, *, now: datetime | None = None) -> int:
    """Return a date as milliseconds since 1970 UTC, rounded down. A date without a zone is UTC.

    These forms are accepted, the texts with or without ``UTC`` at the end:

    * ISO 8601: ``2018-01-31``, ``2018-01-31T14:30:00+02:00``; also ``2018/1/31 2:30 pm``
    * English dates: ``1 Jan, 2017``, ``January 1, 2018 14:30``
    * ``now``, ``today`` and ``yesterday``, each at the present time of day
    * ``N units ago``, with units from seconds to years
    * a `datetime`
    * a number, which is already in milliseconds

    Other texts are passed to the `dateparser` package, if it is installed. The extra
    ``binance-socket-manager[dates]`` installs it.

    :param now: the time from which relative dates are counted; the present by default
    :raises UnknownDateFormat: if the text has none of these forms; it is a ValueError
    :raises TypeError: if ``date_str`` has any other type
    """
    if not isinstance(date_str, str | datetime):
        number = plain_number(date_str)
        if number is None or isinstance(number, bool):
            raise TypeError(f"a date must be one of {DATE_FORMS}; not {date_str!r}")
        try:
            return int(number)
        except (OverflowError, ValueError):
            raise UnknownDateFormat(f"not a date in milliseconds: {date_str!r}") from None
    if isinstance(date_str, datetime):
        return _milliseconds(date_str)
    doubt = "unknown form"
    try:
        date = _parse(date_str, _aware(now or datetime.now(UTC)))
    except (ValueError, OverflowError) as error:  # a 31st of February, a million years ago
        date, doubt = None, str(error)
    if date is None:
        date = _parse_with_dateparser(date_str, now)
    if date is None:
        raise UnknownDateFormat(
            f"not a date that can be read: {date_str!r} ({doubt}). Use one of {DATE_FORMS}; "
            "the extra binance-socket-manager[dates] reads more forms"
        )
    return _milliseconds(date)


def convert_ts_str(ts_str: str | float | datetime | None) -> int | None:
    """`date_to_milliseconds`, but None for None; as in python-binance 1.0."""
    return None if ts_str is None else date_to_milliseconds(ts_str)


def _aware(date: datetime) -> datetime:
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


def _milliseconds(date: datetime) -> int:
    return (_aware(date) - EPOCH) // MILLISECOND


def _parse(text: str, now: datetime) -> datetime | None:
    """The date, or None if the text has none of the forms above."""
    text = text.strip().lower()
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        # UNIX seconds or milliseconds, as `dateparser` reads them.
        return EPOCH + timedelta(milliseconds=int(text) * (1000 if len(text) == 10 else 1))
    text = _UTC_SUFFIX.sub("", text)
    if text in ("now", "today"):
        return now
    if text == "yesterday":
        return now - _UNITS["d"]
    if ago := _AGO.fullmatch(text):
        return _before(ago["parts"], now)
    for form in _WRITTEN:
        if written := re.fullmatch(form, text):
            return _from_words(written.groupdict())
    if not re.match(r"\d{4}-?\d{2}", text):
        return None
    return datetime.fromisoformat(_SPACE_BEFORE_OFFSET.sub("", text.upper()))


def _before(parts: str, now: datetime) -> datetime | None:
    """`now` minus ``1 day, 2 hours``; None if the text has another form."""
    at = 0
    while at < len(parts):
        part = _AGO_PART.match(parts, at)
        if part is None:
            return None
        at = part.end()
        count = int(part["count"]) if part["count"].isdigit() else 1
        unit = part["unit"]
        if unit.startswith("month"):
            now = _months_before(now, count)
        elif unit.startswith("y"):
            now = _months_before(now, 12 * count)
        else:
            now -= count * _UNITS[unit[0]]
    return now


def _months_before(date: datetime, count: int) -> datetime:
    """The same day of an earlier month, or the last day of that month if it is shorter."""
    year, month = divmod(date.year * 12 + date.month - 1 - count, 12)
    first = date.replace(year=year, month=month + 1, day=1)
    days = ((first + timedelta(days=31)).replace(day=1) - first).days
    return first.replace(day=min(date.day, days))


def _from_words(found: Mapping[str, str | None]) -> datetime:
    hour = int(found["hour"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("hour must be in 1..12 before am or pm")
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    month = str(found["month"])
    return datetime(
        int(str(found["year"])),
        int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1,
        int(str(found["day"])),
        hour,
        int(found["minute"] or 0),
        int(found["second"] or 0),
        tzinfo=UTC,
    )


def _parse_with_dateparser(text: str, now: datetime | None) -> datetime | None:
    try:
        import dateparser
    except ImportError:
        return None
    settings: dict[str, Any] = {"TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True}
    if now is not None:
        settings["RELATIVE_BASE"] = _aware(now).astimezone(UTC).replace(tzinfo=None)
    date: datetime | None = dateparser.parse(text, settings=settings)
    return date


# Intervals.

_INTERVAL = re.compile(r"([1-9][0-9]*)([smhdw])")


def interval_to_milliseconds(interval: str) -> int | None:
    """Return the length of a kline interval, such as ``30m``, in milliseconds.

    The result is None if the text is not an interval, and for months (``1M``), because the length
    of months differs.
    """
    found = _INTERVAL.fullmatch(interval)
    return int(found[1]) * (_UNITS[found[2]] // MILLISECOND) if found else None


# Prices and quantities.

Number = Decimal | int | str | float

# Precise enough that no price, quantity or step of any symbol is rounded by accident.
_EXACT = Context(prec=100)


def plain_number(value: object) -> bool | int | Decimal | None:
    """A number or boolean of Python, of numpy or of a type with ``__index__``; else None."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return Decimal(float.__repr__(value))
    # A numpy scalar has its kind in its dtype. The str of a numpy float has no digits too many.
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind in ("b", "f") and getattr(value, "shape", None) == ():
        return bool(value) if kind == "b" else Decimal(str(value))
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None


def _decimal(value: Number, what: str) -> Decimal:
    given = value if isinstance(value, Decimal | str) else plain_number(value)
    if given is None or isinstance(given, bool):
        raise TypeError(f"{what} must be a number or its text, not {value!r}")
    try:
        number = Decimal(given)
    except InvalidOperation:
        raise ValueError(f"{what} must be a number or its text, not {value!r}") from None
    if not number.is_finite():
        raise ValueError(f"{what} must be finite, not {value!r}")
    return number


def decimal_text(value: Number) -> str:
    """Return a number as text for the exchange: plain digits, no ``1E-7``, no trailing zeros."""
    number = _decimal(value, "value")
    if not number:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_to_step(value: Number, step: Number, rounding: str = ROUND_DOWN) -> Decimal:
    """Round a value to a multiple of ``step``.

    If the step is 0, which means "no step" for the exchange, the value is returned unchanged.

    :param rounding: a rounding mode of `decimal`; down by default
    :raises ValueError: if the step is negative, or the value is not a finite number
    """
    number, grain = _decimal(value, "value"), _decimal(step, "step")
    if grain < 0:
        raise ValueError(f"step must be 0 or more, not {step!r}")
    if not grain:
        return number
    try:
        count = _EXACT.divide(number, grain).to_integral_value(rounding)
        return _EXACT.multiply(count, grain)
    except ArithmeticError:
        raise ValueError(f"value {value!r} is too large for step {step!r}") from None


def round_step_size(quantity: Number, step_size: Number) -> float:
    """`round_to_step` downwards, as a float; as in python-binance 1.0."""
    return float(round_to_step(quantity, step_size))


def round_quantity(
    symbol_info: Mapping[str, Any],
    quantity: Number,
    *,
    market: bool = False,
    rounding: str = ROUND_DOWN,
) -> Decimal:
    """Round a quantity to the step size of its symbol's ``LOT_SIZE`` filter.

    :param symbol_info: the result of ``client.get_symbol_info(symbol)``
    :param market: True for a market order, which must also fit ``MARKET_LOT_SIZE``
    :param rounding: a rounding mode of `decimal`; down by default
    :raises ValueError: if the result is below the minimum or above the maximum. The quantity is
        not moved into that range, because that would be a different order.

    Source: https://developers.binance.com/docs/binance-spot-api-docs/filters
    """
    filters = [_filter(symbol_info, "LOT_SIZE", "minQty", "maxQty", "stepSize")]
    if market:
        filters.append(_filter(symbol_info, "MARKET_LOT_SIZE", "minQty", "maxQty", "stepSize"))
    # If both have steps, one is a multiple of the other, so the larger one fits both.
    result = round_to_step(quantity, max(step for _, _, step in filters), rounding)
    for least, most, _ in filters:
        _check_range("quantity", result, least, most)
    return result


def round_price(
    symbol_info: Mapping[str, Any], price: Number, *, rounding: str = ROUND_HALF_EVEN
) -> Decimal:
    """Round a price to the tick size of its symbol's ``PRICE_FILTER``.

    :param symbol_info: the result of ``client.get_symbol_info(symbol)``
    :param rounding: a rounding mode of `decimal`; to the nearest tick by default. With
        ``ROUND_DOWN`` you never pay more, and with ``ROUND_UP`` you never receive less.
    :raises ValueError: if the result is below the minimum or above the maximum

    Source: https://developers.binance.com/docs/binance-spot-api-docs/filters
    """
    least, most, tick = _filter(symbol_info, "PRICE_FILTER", "minPrice", "maxPrice", "tickSize")
    result = round_to_step(price, tick, rounding)
    _check_range("price", result, least, most)
    return result


def _filter(symbol_info: Mapping[str, Any], kind: str, *fields: str) -> list[Decimal]:
    """The fields of one filter. If the symbol has no such filter, all are 0: "no limit"."""
    for rule in symbol_info["filters"]:
        if rule["filterType"] == kind:
            return [_decimal(rule[field], f"{kind} {field}") for field in fields]
    return [Decimal(0)] * len(fields)


def _check_range(what: str, value: Decimal, least: Decimal, most: Decimal) -> None:
    if value < least or (most and value > most):
        upper = f" and at most {decimal_text(most)}" if most else ""
        raise ValueError(
            f"{what} {decimal_text(value)} must be at least {decimal_text(least)}{upper}"
        )


# Functions of the user.


def takes_one_argument(function: Callable[..., object]) -> bool:
    """Whether a function can be called with one argument; True where nobody can know.

    The wrapper that a decorator made counts by its own parameters, not by those of the function in
    it.  A `__signature__` is not trusted: decorators copy it.
    """
    try:
        if getattr(function, "__signature__", None) is not None:
            return True
        signature = inspect.signature(function, follow_wrapped=False)
    except Exception:  # noqa: BLE001 - of the user's object
        return True
    try:
        signature.bind(None)
    except TypeError:
        return False
    return True


def _warn_without_effect(stacklevel: int, **arguments: object) -> None:
    """Warn of each argument that is given but has no effect; the caller's caller is level 2."""
    for name, value in arguments.items():
        if value is not None:
            warnings.warn(f"{name} has no effect in this library", stacklevel=stacklevel + 1)


def _with_proxy(options: Mapping[str, Any], https_proxy: str | None) -> dict[str, Any]:
    """Options whose ``proxy`` may have been given by its name in python-binance 1.0, too."""
    proxy = options.get("proxy")
    return {**options, "proxy": https_proxy if proxy is None else proxy}


class _WarnsOfOverrides:
    """Warns where an override of a method of python-binance 1.0 has no effect on public methods."""

    #: a pattern of the names of these methods, and what to do instead
    _overridden_in_vain: tuple[str, str]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name in vars(cls):
            _warn_of_override(cls, name)

    if not TYPE_CHECKING:  # a checker is to find wrong names

        def __setattr__(self, name: str, value: object) -> None:
            _warn_of_override(type(self), name)
            super().__setattr__(name, value)


def _warn_of_override(owner: type[_WarnsOfOverrides], name: str) -> None:
    names, instead = owner._overridden_in_vain
    if re.fullmatch(names, name):
        said = f"no public method calls {owner.__name__}.{name} in this library: {instead}"
        warnings.warn(said, RuntimeWarning, stacklevel=3)
