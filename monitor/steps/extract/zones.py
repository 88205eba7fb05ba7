"""The time zone of an outlet that is not configured, from the country in its address."""

from urllib.parse import urlsplit

#: country code of a top-level domain → zone of most of its outlets
_ZONES = {
    "ar": "America/Argentina/Buenos_Aires",
    "bo": "America/La_Paz",
    "br": "America/Sao_Paulo",
    "cl": "America/Santiago",
    "co": "America/Bogota",
    "cr": "America/Costa_Rica",
    "cu": "America/Havana",
    "do": "America/Santo_Domingo",
    "ec": "America/Guayaquil",
    "es": "Europe/Madrid",
    "gt": "America/Guatemala",
    "hn": "America/Tegucigalpa",
    "mx": "America/Mexico_City",
    "ni": "America/Managua",
    "pa": "America/Panama",
    "pe": "America/Lima",
    "pr": "America/Puerto_Rico",
    "pt": "Europe/Lisbon",
    "py": "America/Asuncion",
    "sv": "America/El_Salvador",
    "uy": "America/Montevideo",
    "ve": "America/Caracas",
}


def zone_of(url: str) -> str:
    """An IANA zone for the country at the end of a host name; "UTC" where it says none (.com, .org)."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return _ZONES.get(host.rsplit(".", 1)[-1], "UTC")
