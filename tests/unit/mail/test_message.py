from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import DeliveryError
from monitor.model import RenderedDigest
from monitor.steps.mail import Envelope, build_message, message_id

START = datetime(2026, 11, 21, 11, tzinfo=UTC)
DIGEST = RenderedDigest("Drogas y crimen: 3 noticias", "<p>ñandú &amp; maçã</p>", "ñandú y maçã\n.\nfin\n")


def envelope(**changes: object) -> Envelope:
    values: dict[str, object] = {
        "sender": "Monitor Ñ <monitor@example.org>",
        "recipients": ("Ana Pérez <ana@example.org>", "joao@example.com"),
        "subscription": "Mañana: drogas",
        "period_start": START,
        "date": START + timedelta(days=1),
    }
    return Envelope(**(values | changes))  # type: ignore[arg-type]


def test_the_message_reads_back_as_it_was_composed() -> None:
    raw = build_message(DIGEST, envelope()).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    back = message_from_bytes(raw, policy=policy.default)
    assert back["Subject"] == DIGEST.subject
    assert back["From"].addresses[0].display_name == "Monitor Ñ"
    assert [one.addr_spec for one in back["To"].addresses] == ["ana@example.org", "joao@example.com"]
    assert back.get_content_type() == "multipart/alternative"
    text, html = back.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == DIGEST.text
    assert html.get_content().strip() == DIGEST.html
    assert text.get_content_charset() == html.get_content_charset() == "utf-8"
    assert back["Date"].datetime == START + timedelta(days=1)


def test_list_headers_name_the_subscription_and_the_way_out() -> None:
    message = build_message(DIGEST, envelope())
    assert message["List-Id"] == "ma-ana-drogas <ma-ana-drogas.monitor.example.org>"
    assert message["List-Unsubscribe"] == "<mailto:monitor@example.org?subject=unsubscribe%20ma-ana-drogas>"
    other = build_message(DIGEST, envelope(unsubscribe="https://example.org/stop?x=1"))
    assert other["List-Unsubscribe"] == "<https://example.org/stop?x=1>"


def test_the_message_id_comes_from_subscription_and_period_alone() -> None:
    one = build_message(DIGEST, envelope())["Message-ID"]
    elsewhere = START.astimezone(timezone(timedelta(hours=-5)))
    later = envelope(period_start=elsewhere, date=START + timedelta(days=9), recipients=("x@example.org",))
    assert build_message(RenderedDigest("x", "y", "z"), later)["Message-ID"] == one
    assert message_id("Mañana: drogas", START + timedelta(days=1), "example.org") != one
    assert message_id("Manana- drogas", START, "example.org") != one
    assert message_id("日本", START, "example.org").startswith("<digest.")


@settings(max_examples=50)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_can_add_or_end_a_header(subject: str, subscription: str) -> None:
    nasty = f"{subject}\r\nBcc: spy@example.net\n\n<b>{subscription}"
    digest = RenderedDigest(nasty, "<p>x</p>", "x")
    raw = build_message(digest, envelope(subscription=nasty)).as_bytes()
    back = message_from_bytes(raw, policy=policy.default)
    assert back["Bcc"] is None
    assert sorted(set(back.keys())) == sorted(build_message(DIGEST, envelope()).keys())
    assert len(list(back.iter_parts())) == 2


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "nobody",
        "a@b@c",
        "ana@example.org\r\nBcc: x@example.org",
        "ana@example.org, bob@example.org",
        "@example.org",
        "ana@",
        "añá@example.org",
        "Ana <ana@exa mple.org>",
    ],
)
def test_what_is_no_address_is_said_before_anything_is_sent(bad: str) -> None:
    with pytest.raises(DeliveryError, match="no mail address"):
        build_message(DIGEST, envelope(recipients=(bad,)))


def test_no_recipient_and_a_broken_way_out_are_said() -> None:
    with pytest.raises(DeliveryError, match="no recipients"):
        build_message(DIGEST, envelope(recipients=()))
    with pytest.raises(DeliveryError, match="cannot end a subscription"):
        build_message(DIGEST, envelope(unsubscribe="javascript:x\r\nBcc: y"))
