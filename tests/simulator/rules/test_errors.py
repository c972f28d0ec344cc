from binance.simulator.rules.errors import ApiError, illegal, invalid, missing, too_many


def test_errors_carry_code_message_and_status():
    error = ApiError(-1121, "Invalid symbol.")
    assert error.status == 400
    assert error.body() == {"code": -1121, "msg": "Invalid symbol."}
    assert str(error) == "Invalid symbol."


def test_the_usual_ones_name_their_parameter():
    assert (missing("symbol").code, invalid("limit").code) == (-1102, -1130)
    assert "'symbol'" in missing("symbol").message
    assert illegal("limit", "^x$").message.endswith("legal range is '^x$'.")


def test_too_many_says_how_long_to_wait():
    error = too_many(429, 30, 6000, 1_000_000)
    assert (error.status, error.code, error.retry_after) == (429, -1003, 30)
    assert error.data == {"serverTime": 1_000_000, "retryAfter": 1_030_000}
    assert "6000 request weight per 1 MINUTE" in error.message
    banned = too_many(418, 120, 6000, 1_000_000)
    assert "IP banned until 1120000" in banned.message
