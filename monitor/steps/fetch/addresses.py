"""Which machines may be reached: public ones, and what the operator allows.

Addresses come from feeds and redirects, so they are untrusted: a name is resolved here, every address it
stands for is judged, and the connection is made to a judged one: no second answer of a name server slips in.
"""

import ipaddress
import re
import socket
import threading
from collections.abc import Collection

from monitor.errors import SettingsError
from monitor.model import FetchFailureKind
from monitor.steps.fetch.failures import Failed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
# Of these nothing has to be asked; other spellings of numbers are the resolver's business
_NUMERIC = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}", re.ASCII)
#: the web's own ports below the free ones; behind the others wait mail, files, shells
_WEB_PORTS, _FREE_PORTS = frozenset({80, 443}), 1024
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRules:
    """What may be reached although it is private.

    :param allowed: names, addresses, either with ``:port``, or networks such as ``10.0.0.0/8``.
    :raises SettingsError: for what has a slash and is no network.
    """

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self._names = {entry.strip().lower() for entry in allowed if "/" not in entry and entry.strip()}
        try:
            self._networks = [
                ipaddress.ip_network(entry.strip(), strict=False) for entry in allowed if "/" in entry
            ]
        except ValueError as error:
            raise SettingsError(f"private addresses that are allowed: {error}; write 10.0.0.0/8") from error

    def permits(self, host: str, port: int, address: str) -> bool:
        """Whether ``host`` on ``port``, which resolved to ``address``, may be reached: a public machine's web
        port, or what is allowed."""
        names = {host, f"{host}:{port}", address, f"{address}:{port}", f"[{address}]:{port}"}
        if names & self._names:
            return True
        found = ipaddress.ip_address(address.partition("%")[0])
        public = is_public(found) and (port in _WEB_PORTS or port >= _FREE_PORTS)
        return public or any(found in network for network in self._networks)

    def reachable(self, host: str, port: int, seconds: float) -> list[str]:
        """The addresses of a name that may be connected to, in the resolver's order.

        :raises Failed: DNS where the name is unknown, TIMEOUT where the resolver is too slow,
            FORBIDDEN_ADDRESS where only private addresses stand behind it, or the port is another service's.
        """
        found = list(dict.fromkeys(resolved(host, port, seconds)))
        usable = [address for address in found if self.permits(host, port, address)]
        if not usable:
            private = not any(is_public(ipaddress.ip_address(one.partition("%")[0])) for one in found)
            what = "a private address" if private else f"whose port {port} is none of the web's"
            raise Failed(
                FetchFailureKind.FORBIDDEN_ADDRESS,
                f"{host} is {', '.join(found[:3])}, {what}; MONITOR_ALLOW_PRIVATE can allow it",
            )
        return usable


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet: not private, shared, local, reserved or multicast,
    also where an IPv6 address carries an IPv4 one inside."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    inner = _carried_v4(address)
    if inner is not None:
        return is_public(inner)
    return address in _GLOBAL_V6 and address.is_global and not address.is_multicast


def _carried_v4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo


def resolved(host: str, port: int, seconds: float) -> list[str]:
    """All addresses of a name. The resolver cannot be interrupted, so it works in a thread of its own.

    :raises Failed: DNS or TIMEOUT.
    """
    if _NUMERIC.fullmatch(host):
        return [host]
    answer: list[str] = []
    problem: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            answer.extend(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            problem.append(error)

    worker = threading.Thread(target=ask, name="dns", daemon=True)
    worker.start()
    worker.join(max(seconds, 0.0))
    if worker.is_alive():
        raise Failed(FetchFailureKind.TIMEOUT, f"the name server did not answer for {host} in time")
    if problem or not answer:
        raise Failed(
            FetchFailureKind.DNS, f"the name {host} is not known: {problem[0] if problem else 'no address'}"
        )
    return answer
