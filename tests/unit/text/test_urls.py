"""One address for one article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.text.urls import canonical_url, fetch_url, is_wrapper, public_url, url_key


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        # trackers, in any place, and what looks like one but is not
        ("https://x.example/a?utm_source=rss&id=7&fbclid=Z", "https://x.example/a?id=7"),
        ("https://x.example/a?at_medium=RSS&at_campaign=KARANGA", "https://x.example/a"),
        ("https://x.example/a?ref=rss&source=twitter", "https://x.example/a"),
        ("https://x.example/a?gad_source=1&srsltid=A&mtm_campaign=b&share=whatsapp&s=08", "https://x.example/a"),
        ("https://x.example/a?s=cuba&share=2&view=3", "https://x.example/a?s=cuba&share=2&view=3"),
        ("https://x.example/a?output=amp&print=1", "https://x.example/a"),
        ("https://x.example/a;jsessionid=8F2B?PHPSESSID=1&id=2", "https://x.example/a?id=2"),
        ("https://x.example/a;v=1", "https://x.example/a;v=1"),
        ("https://x.example/a?ref=1234&from=2", "https://x.example/a?ref=1234&from=2"),
        ("https://x.example/a?a=1&amp;amp;utm_medium=x&amp;b=2", "https://x.example/a?a=1&b=2"),
        ("https://elpais.com/a.html#?ref=rss&format=simple&link=link", "https://elpais.com/a.html"),
        # scheme, port, credentials, case
        ("http://WWW.X.example:80/a", "https://www.x.example/a"),
        ("https://user:secret@x.example:443/a", "https://x.example/a"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("https://[2606:4700::1]/a", "https://[2606:4700::1]/a"),
        ("//x.example/a", "https://x.example/a"),
        ("https://x.example", "https://x.example/"),
        ("https://x.example./a", "https://x.example/a"),
        ("https://peñón.example/a", "https://xn--pen-8mak.example/a"),
        # mobile and AMP
        ("https://m.elcomercio.pe/a", "https://www.elcomercio.pe/a"),
        ("https://m.extra.com.br/a", "https://www.extra.com.br/a"),
        ("https://m.oglobo.globo.com/a", "https://oglobo.globo.com/a"),
        ("https://amp.m.x.example.com/a", "https://x.example.com/a"),
        ("https://m.co/a", "https://m.co/a"),
        ("https://x.example/a/amp/", "https://x.example/a"),
        ("https://x.example/amp/a", "https://x.example/a"),
        ("https://www.bbc.com/mundo/articles/c1.amp", "https://www.bbc.com/mundo/articles/c1"),
        ("https://x.example/a.amp.html", "https://x.example/a.html"),
        ("https://g1.globo.com/google/amp/sp/n.ghtml", "https://g1.globo.com/sp/n.ghtml"),
        ("https://x.example/a/?outputType=amp", "https://x.example/a/"),
        ("https://x.example/rss/?outputType=xml", "https://x.example/rss/?outputType=xml"),
        ("https://blog.example/a.html?m=1", "https://blog.example/a.html"),
        ("https://x.example/amplia/campamp", "https://x.example/amplia/campamp"),
        # wrapped links
        ("https://redir.folha.com.br/redir/online/mundo/rss091/*https://www1.folha.uol.com.br/m/1.shtml",
         "https://www1.folha.uol.com.br/m/1.shtml"),
        ("https://redir.folha.com.br/r/*http%3A%2F%2Fx.example%2Fa", "https://x.example/a"),
        ("https://s.example/go?url=https%3A%2F%2Fy.example%2Fa%3Fb%3D2%26utm_id%3D1", "https://y.example/a?b=2"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fy.example%2Fa&h=1", "https://y.example/a"),
        ("https://www.google.com/url?q=https://y.example/a&sa=D", "https://y.example/a"),
        ("https://x.example/buscar?q=https://y.example/a", "https://x.example/buscar?q=https://y.example/a"),
        ("https://x.example/a?url=portada", "https://x.example/a?url=portada"),
        ("https://www.google.com/amp/s/x.example/a/amp/", "https://x.example/a"),
        ("https://x-example.cdn.ampproject.org/c/x.example/a?id=1", "https://x.example/a?id=1"),
        ("https://www.google.com/search/x.y", "https://www.google.com/search/x.y"),
        ("https://web.archive.org/web/20200101000000id_/http://x.example/a?b=1", "https://x.example/a?b=1"),
        ("https://web.archive.org/web/2020/http:/x.example/a", "https://x.example/a"),
        # escapes, dots, white space
        (" https://x.example/a\n/b ", "https://x.example/a/b"),
        ("https://x.example/ñu%c3%b1o%7e/a%2fb", "https://x.example/%C3%B1u%C3%B1o~/a%2Fb"),
        ("https://x.example/100%", "https://x.example/100%25"),
        ("https://x.example/a/../b/./c/..", "https://x.example/b/"),
        ("https://x.example/a?q=ñ ñ&&r", "https://x.example/a?q=%C3%B1%20%C3%B1&r"),
    ],
)  # fmt: skip
def test_an_address_becomes_canonical(given_url: str, expected: str) -> None:
    assert canonical_url(given_url) == expected
    assert canonical_url(expected) == expected


def test_hosts_are_rewritten_as_the_outlet_declares() -> None:
    rewrites = {"old.elfaro.net": "www.elfaro.net", "www.elfaro.net": "elfaro.net"}
    assert canonical_url("http://old.elfaro.net/es/1", rewrites) == "https://elfaro.net/es/1"


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("http://m.x.example/a?utm_source=rss#b", "http://m.x.example/a?utm_source=rss#b"),
        ("//x.example/a &amp; b", "https://x.example/a & b"),
        ("https://r.example/redir/x/*http://x.example/a?b", "http://x.example/a?b"),
        ("http://m.old.test:8080/a", "http://new.test:8080/a"),
    ],
)
def test_what_is_fetched_is_the_given_address_unwrapped_at_the_host_that_answers(
    given_url: str, expected: str
) -> None:
    assert fetch_url(given_url, {"www.old.test": "new.test"}) == expected


def test_an_address_wrapped_in_itself_without_end_is_fetched_as_it_is() -> None:
    wrapped = "https://r.example/go?url=" * 25 + "https://x.example/"
    assert fetch_url(wrapped).startswith("https://r.example/go?url=")


def test_the_route_inside_a_page_made_by_a_script_tells_articles_apart() -> None:
    assert url_key("https://x.example/#!/nota/1") != url_key("https://x.example/#!/nota/2")
    assert canonical_url("https://x.example/app#/nota/1") == "https://x.example/app#/nota/1"
    assert canonical_url("https://x.example/nota#comentarios") == "https://x.example/nota"


def test_rewrites_that_go_in_a_circle_are_none() -> None:
    assert canonical_url("https://a.example/x", {"a.example": "b.example", "b.example": "a.example"}) == (
        "https://a.example/x"
    )


@pytest.mark.parametrize(
    "text",
    ["", "a", "/a", "ftp://x.example/", "javascript:alert(1)", "mailto:a@b.c", "http://", "http:///a",
     "https://a b/",
     "http://[half/", "http://x.example:99999/", "http://x.example:x/", "http://x_<y>/",
     "https://\udcff.example/",
     "https://x.example/" + "a" * 2001],
)  # fmt: skip
def test_what_is_no_usable_address_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        canonical_url(text)


def test_an_address_wrapped_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="wrapped too many times"):
        canonical_url("https://r.example/go?url=" * 25 + "https://x.example/")


@given(
    st.text(max_size=60),
    st.sampled_from(["", "https://x.example/", "http://m.x.co/", "https://r.example/?url="]),
)
def test_canonical_is_idempotent_and_raises_only_our_error(text: str, before: str) -> None:
    try:
        once = canonical_url(before + text)
    except InputError:
        return
    assert canonical_url(once) == once
    assert url_key(once) == url_key(before + text)


@pytest.mark.parametrize(
    "variant",
    [
        "http://www.x.example/a/b/",
        "https://x.example/a/b",
        "https://m.x.example/a/b/amp",
        "https://x.example//a/b",
    ],
)
def test_variants_of_one_article_have_one_key(variant: str) -> None:
    assert url_key(variant) == "x.example/a/b"


def test_the_order_of_parameters_does_not_matter_to_the_key() -> None:
    assert (
        url_key("https://x.example/?b=2&a=1") == url_key("https://x.example/?a=1&b=2") == "x.example?a=1&b=2"
    )


@pytest.mark.parametrize(
    ("address", "wrapped"),
    [
        ("https://news.google.com/rss/articles/CBMiabc?oc=5", True),
        ("https://news.google.com/articles/CBMiabc", True),
        ("https://news.google.com/__i/rss/rd/articles/CBMiabc", True),
        ("https://news.google.com.br/read/CBM", True),
        ("https://apple.news/Aabc", True),
        ("https://x.example/articles/1", False),
        ("https://news.google.example.com/articles/1", False),
        ("nonsense", False),
    ],
)
def test_wrappers_of_aggregators_are_recognised(address: str, wrapped: bool) -> None:
    assert is_wrapper(address) is wrapped


def test_an_outlet_without_https_is_shown_by_http() -> None:
    canonical = canonical_url("http://www.cubadebate.cu/noticias/a/?utm_source=rss")
    assert public_url(canonical, "http://www.cubadebate.cu/noticias/a/?utm_source=rss") == (
        "http://www.cubadebate.cu/noticias/a/"
    )
    assert public_url(canonical, "https://www.cubadebate.cu/noticias/a/") == canonical


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_cached_copy_is_unwrapped_whatever_its_scheme(scheme: str) -> None:
    assert canonical_url(f"{scheme}://google.com/amp/s/x.example/a") == "https://x.example/a"
    assert fetch_url(f"{scheme}://x-example.cdn.ampproject.org/c/s/x.example/a") == "https://x.example/a"
