"""Settings and logs, set up the same way for every verb."""

from monitor import logs
from monitor.settings import Settings, load


def prepared(**overrides: object) -> Settings:
    """Settings of the environment with these on top; logs are set up by them."""
    settings = load(**{name: value for name, value in overrides.items() if value is not None})
    level = "warning" if settings.log_level == "auto" else settings.log_level
    logs.set_up(settings.log_format, level)
    return settings
