"""Only public machines are reached, whatever a name claims to be."""

import ipaddress
import socket
import time

import pytest

from monitor.errors import SettingsError
from monitor.model import FetchFailureKind
from monitor.steps.fetch.addresses import AddressRules, is_public, resolved
from monitor.steps.fetch.failures import Failed

PRIVATE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255", "240.0.0.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "fec0::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:a00:1::f5ff:fffe",
    "::7f00:1", "2001:db8::1",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "entry", ["archive.local", "archive.local:80", "10.0.0.7", "10.0.0.7:80", "10.0.0.0/8", " Archive.local "]
)
def test_an_allowed_private_host_is_permitted(entry: str) -> None:
    assert AddressRules([entry]).permits("archive.local", 80, "10.0.0.7")


@pytest.mark.parametrize(
    "entry", ["other.local", "archive.local:81", "10.0.0.7:81", "11.0.0.0/8", "", "fd00::/8"]
)
def test_no_other_entry_permits_it(entry: str) -> None:
    assert not AddressRules([entry]).permits("archive.local", 80, "10.0.0.7")


@pytest.mark.parametrize(
    ("port", "open_to_us"), [(80, True), (443, True), (8080, True), (25, False), (0, False)]
)
def test_only_the_web_s_ports_of_a_public_machine_are_reached(port: int, open_to_us: bool) -> None:
    assert AddressRules().permits("x.example", port, "8.8.8.8") is open_to_us
    assert AddressRules(["8.8.8.8"]).permits("x.example", port, "8.8.8.8")


def test_a_port_that_is_not_the_web_s_is_told() -> None:
    with pytest.raises(Failed, match="port 25 is none of the web's"):
        AddressRules().reachable("8.8.8.8", 25, 1.0)


def test_a_network_that_is_none_is_an_error_of_the_settings() -> None:
    with pytest.raises(SettingsError, match="http://archive"):
        AddressRules(["http://archive.local"])


def test_a_scoped_address_is_judged_without_its_scope() -> None:
    assert not AddressRules().permits("x.local", 80, "fe80::1%eth0")


def test_of_several_addresses_only_the_public_ones_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: _infos("10.0.0.1", "8.8.8.8", "8.8.8.8"))
    assert AddressRules().reachable("x.example", 443, 1.0) == ["8.8.8.8"]


def test_a_name_that_stands_for_private_addresses_only_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: _infos("10.0.0.1"))
    with pytest.raises(Failed, match="private") as caught:
        AddressRules().reachable("x.example", 443, 1.0)
    assert caught.value.kind is FetchFailureKind.FORBIDDEN_ADDRESS


def test_a_slow_name_server_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(0.2) or [])
    with pytest.raises(Failed) as caught:
        resolved("x.example", 443, 0.01)
    assert caught.value.kind is FetchFailureKind.TIMEOUT
    time.sleep(0.25)


@pytest.mark.parametrize("name", ["nobody.invalid", "a" * 70 + ".example", "\udcff.example"])
def test_an_unknown_or_impossible_name_is_a_dns_failure(name: str) -> None:
    with pytest.raises(Failed) as caught:
        resolved(name, 80, 5.0)
    assert caught.value.kind is FetchFailureKind.DNS


def test_a_name_without_addresses_is_a_dns_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    with pytest.raises(Failed, match="no address"):
        resolved("x.example", 80, 1.0)


def _infos(*addresses: str) -> list[tuple[object, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
