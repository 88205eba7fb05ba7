"""The frame's language: our words, and dates, numbers and names by Babel."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from monitor.model import StoredAlert
from monitor.steps.digest.clean import clean, cut
from monitor.steps.digest.sentences import said_in
from monitor.steps.digest.words import WORDS

#: longest headline, sentence or name shown; what is cut off is counted beside it
LONGEST = 320


class Frame:
    """Says our words in one language and shows times in one zone."""

    def __init__(self, language: str, timezone: str) -> None:
        self.language, self.timezone = language, timezone
        self._words = WORDS[language]
        self._locale = Locale.parse({"en": "en_US", "es": "es_419", "pt": "pt_BR"}[language])
        self._zone = ZoneInfo(timezone)

    def say(self, key: str, **values: object) -> str:
        """One of our sentences."""
        return self._words[key].format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """A sentence with a number in it, in the right plural."""
        form = "one" if self._locale.plural_form(number) == "one" else "other"
        shown = format_decimal(number, locale=self._locale)
        return self._words[f"{key}.{form}"].format(n=shown, **values)

    def percent(self, share: float) -> str:
        """A share of one as a whole percentage."""
        return format_percent(share, format="#,##0 %", locale=self._locale)

    def date(self, moment: datetime) -> str:
        """The day in the digest's zone."""
        return format_date(moment.astimezone(self._zone), "medium", locale=self._locale)

    def time(self, moment: datetime) -> str:
        """Day and time in the digest's zone."""
        return format_datetime(moment, "d MMM y, HH:mm", tzinfo=self._zone, locale=self._locale)

    def short_time(self, moment: datetime | None) -> str:
        """Day and time without the year, or that there is none."""
        if moment is None:
            return self.say("no_date")
        return format_datetime(moment, "d MMM, HH:mm", tzinfo=self._zone, locale=self._locale)

    def country(self, code: str) -> str:
        """The country's name, or the code where Babel knows none."""
        return str(self._locale.territories.get(code.upper(), clean(code)))

    def place(self, alert: StoredAlert) -> str:
        """The outlet's country, "" where its name says it: *La Nación (Argentina)*."""
        country = self.country(alert.country) if alert.country else ""
        return "" if country in alert.outlet_name else country

    def kind(self, value: str) -> str:
        """The kind of outlet; a value we have no word for is shown as it is."""
        return self._words.get(f"kind_{value}", clean(value))

    def status(self, value: str) -> str:
        """The heading for outlets of this status."""
        return self._words.get(f"status_{value}", clean(value))

    def report(self, sentence: str) -> str:
        """What the collection says of an outlet or article, in this language where its form is known."""
        return said_in(self.language, clean(sentence), self._weekday, self.time)

    def _weekday(self, day: datetime) -> str:
        """A day as the collection counts them, in UTC whatever the digest's zone."""
        return format_date(day.astimezone(UTC), "EEEE d MMM y", locale=self._locale)

    def short(self, text: str, most: int = LONGEST) -> str:
        """Outside text on one line; what is too long is cut, and it says so."""
        head, rest = cut(clean(text), most)
        return f"{head} {self.count('cut', rest)}" if rest else head
