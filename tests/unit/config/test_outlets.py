"""The catalogue of outlets: read, checked, added to."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.config.outlets import add_outlet, load_outlets, outlet_entry, set_enabled
from monitor.errors import ConfigError
from monitor.model import FeedKind, FeedSource, Outlet, OutletKind

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "outlets" / "outlets.yaml"

FILE = """\
# our outlets
outlets:
  - id: el-diario   # a comment that matters
    name: El Diario
    language: es
    timezone: America/Bogota
    host_rewrites:
      links.example: www.diario.example
    drop: [.promo]
    feeds:
      - url: https://diario.example/rss
        section: all
        known: checked 2026
      - url: https://diario.example/news.xml
        kind: sitemap

  - id: o-jornal
    name: O Jornal
    language: pt
    country: BR
    kind: state-run
    enabled: false
    note: closed in 2020
    date_format: "%m/%d/%Y"
    proof: https://jornal.example/2026/a
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "outlets.yaml"
    target.write_text(FILE, "utf-8")
    return target


def fault(path: Path, old: str, new: str) -> ConfigError:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_outlets(path)
    return caught.value


def test_every_field_arrives_in_its_record(path: Path) -> None:
    first, second = load_outlets(path)
    assert first.feeds == (
        FeedSource("https://diario.example/rss", section="all", known="checked 2026"),
        FeedSource("https://diario.example/news.xml", FeedKind.SITEMAP),
    )
    assert first.host_rewrites == {"links.example": "www.diario.example"}
    assert first.drop == (".promo",)
    assert (second.date_format, second.proof) == ("%m/%d/%Y", "https://jornal.example/2026/a")
    assert first.timezone == "America/Bogota"
    assert (second.kind, second.enabled, second.note) == (OutletKind.STATE_RUN, False, "closed in 2020")


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("drop: ['a:hover']", "a:hover"),
        ("keep: [main, '>']", ">"),
        ("drop: [.promo]\n    date_format: '%B %Y'", "write it like %m/%d/%Y"),
        ("drop: [.promo]\n    date_format: '%d/%m/%Y %d'", "twice"),
    ],
)
def test_a_hint_that_cannot_be_read_is_an_error_of_the_file(path: Path, new: str, said: str) -> None:
    error = fault(path, "drop: [.promo]", new)
    assert said in error.message
    assert error.line in (9, 10)


def test_an_unknown_language_is_named_with_its_place(path: Path) -> None:
    error = fault(path, "language: pt", "language: br")
    assert (error.line, error.column) == (19, 15)
    assert "'language' cannot be 'br'" in error.message
    assert "es, pt" in error.message


def test_an_unknown_kind_gets_the_nearest_one(path: Path) -> None:
    assert "did you mean 'state-run'" in fault(path, "state-run", "state-owned").message


def test_an_address_that_is_not_http_is_refused(path: Path) -> None:
    error = fault(path, "https://diario.example/rss", "ftp://diario.example/rss")
    assert (error.line, error.column) == (11, 14)
    assert "starts with http:// or https://" in error.message


@pytest.mark.parametrize(
    "address", ["https://user@diario.example/", "https://", "https://diario example/", "//x/"]
)
def test_addresses_with_credentials_blanks_or_no_host_are_refused(path: Path, address: str) -> None:
    assert "'url' cannot be" in fault(path, "https://diario.example/rss", address).message


def test_a_zone_that_does_not_exist_gets_near_names(path: Path) -> None:
    error = fault(path, "America/Bogota", "America/Bogotá")
    assert error.line == 6
    assert "America/Bogota'?" in error.message


def test_a_zone_of_no_continent_gets_examples(path: Path) -> None:
    assert "known here: America/Bogota" in fault(path, "America/Bogota", "X").message


def test_an_id_that_is_taken_is_refused(path: Path) -> None:
    error = fault(path, "id: o-jornal", "id: el-diario")
    assert error.line == 17
    assert "'el-diario' is taken by item 1" in error.message


def test_an_address_of_another_outlet_is_refused(path: Path) -> None:
    feeds = "note: closed in 2020\n    feeds:\n      - url: https://diario.example/rss"
    error = fault(path, "note: closed in 2020", feeds)
    assert error.line == 25
    assert "already a way in of 'el-diario'" in error.message


def test_an_address_twice_in_one_outlet_is_refused(path: Path) -> None:
    assert "already a way in" in fault(path, "diario.example/news.xml", "diario.example/rss").message


def test_an_enabled_outlet_needs_a_way_in(path: Path) -> None:
    error = fault(path, "enabled: false", "enabled: true")
    assert error.line == 17
    assert "'o-jornal' has no way in" in error.message


def test_a_disabled_outlet_needs_a_reason(path: Path) -> None:
    assert "disabled without a reason" in fault(path, "    note: closed in 2020\n", "").message


def test_all_faults_are_told_at_once(path: Path) -> None:
    error = fault(path, "America/Bogota\n", "Nowhere\n    enabled: false\n")
    assert len(error.errors) == 2


def test_an_unknown_key_is_named(path: Path) -> None:
    assert "did you mean 'country'" in fault(path, "country:", "contry:").message


def test_an_outlet_is_added_and_comments_stay(path: Path) -> None:
    feeds = (FeedSource("https://novo.example/feed", FeedKind.SITEMAP, "Mundo", "in use"),)
    new = Outlet("novo", "Novo", "pt", "PT", "https://novo.example", feeds=feeds, keep=("article",))
    add_outlet(path, new)
    assert load_outlets(path)[-1] == new
    assert "# a comment that matters" in path.read_text("utf-8")
    assert "# our outlets" in path.read_text("utf-8")


def test_an_outlet_that_clashes_is_not_added(path: Path) -> None:
    for new in (
        Outlet("el-diario", "Otro", "es", feeds=(FeedSource("https://otro.example/rss"),)),
        Outlet("otro", "Otro", "es", feeds=(FeedSource("https://diario.example/rss"),)),
        Outlet("otro", "Otro", "fr", feeds=(FeedSource("https://otro.example/rss"),)),
        Outlet("otro", "Otro", "es"),
    ):
        with pytest.raises(ConfigError, match=new.id):
            add_outlet(path, new)
    assert path.read_text("utf-8") == FILE


def test_an_outlet_is_switched_off_and_on_again(path: Path) -> None:
    set_enabled(path, "el-diario", False, "blocks us")
    assert (load_outlets(path)[0].enabled, load_outlets(path)[0].note) == (False, "blocks us")
    set_enabled(path, "el-diario", False, "blocks us still")
    assert load_outlets(path)[0].note == "blocks us still | blocks us"
    set_enabled(path, "el-diario", True)
    assert load_outlets(path)[0].enabled
    assert "# a comment that matters" in path.read_text("utf-8")


def test_an_outlet_without_a_way_in_cannot_be_switched_on(path: Path) -> None:
    with pytest.raises(ConfigError, match="no way in"):
        set_enabled(path, "o-jornal", True)


def test_switching_an_unknown_outlet_names_the_nearest(path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'o-jornal'"):
        set_enabled(path, "o-jornl", False)


def test_the_shipped_catalogue_is_valid_and_survives_rewriting(tmp_path: Path) -> None:
    shipped = load_outlets(ROOT / "config" / "outlets.yaml")
    copy = tmp_path / "outlets.yaml"
    copy.write_text("outlets: []\n", "utf-8")
    for outlet in shipped[:5]:
        add_outlet(copy, outlet)
    assert load_outlets(copy) == shipped[:5]
    assert all(outlet.country and outlet.owner_note and outlet.homepage for outlet in shipped)
    assert all(outlet.timezone != "UTC" for outlet in shipped)


def test_an_edit_touches_no_other_line_of_the_shipped_catalogue(tmp_path: Path) -> None:
    shipped = (ROOT / "config" / "outlets.yaml").read_text("utf-8")
    copy = tmp_path / "outlets.yaml"
    copy.write_text(shipped, "utf-8")
    add_outlet(copy, Outlet("otro", "Otro", "es", feeds=(FeedSource("https://otro.example/rss"),)))
    assert copy.read_text("utf-8").startswith(shipped.rstrip("\n"))


def test_a_default_outlet_is_written_without_defaults() -> None:
    assert outlet_entry(Outlet("a", "A", "es", enabled=False)) == {
        "id": "a",
        "name": "A",
        "language": "es",
        "kind": "independent",
        "timezone": "UTC",
        "enabled": False,
    }


@pytest.mark.skipif(not SHARED.exists(), reason="the gathered outlet list is not beside the checkout")
def test_every_gathered_outlet_and_address_is_in_the_catalogue() -> None:
    shipped = {outlet.id: outlet for outlet in load_outlets(ROOT / "config" / "outlets.yaml")}
    held = {s.url for o in shipped.values() for s in (*o.feeds, *o.archives, *o.unused)}
    for outlet in YAML(typ="safe").load(SHARED):
        assert shipped[outlet["id"]].country == outlet["country"]
        for source in [*outlet.get("feeds", []), *outlet.get("sitemaps", [])]:
            assert source["url"].removesuffix("from=") in {url.removesuffix("from=0") for url in held}
