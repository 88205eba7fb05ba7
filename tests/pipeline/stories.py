"""Articles that raised alerts, put straight into the store."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from monitor.model import (
    BilingualText,
    Evidence,
    FeedSource,
    Field,
    Outlet,
    OutletKind,
    Provenance,
    SentencePair,
    TopicMatch,
)
from monitor.storage.alerts import store_alerts
from monitor.storage.outlets import sync_outlets
from monitor.storage.session import Database
from monitor.storage.translations import store_translation
from tests.fakes import NOW

OUTLETS = [
    Outlet("infobae", "Infobae", "es", "AR", feeds=(FeedSource("https://www.infobae.com/rss"),)),
    Outlet("granma", "Granma", "es", "CU", kind=OutletKind.STATE_RUN),
    Outlet("folha", "Folha", "pt", "BR"),
]
#: (outlet, language, headline, body, English headline, English body); the first three tell one event
SANTOS_ES = (
    "infobae",
    "es",
    "Incautan 1.200 kilos de cocaína en el puerto de Santos",
    "La Policía Federal de Brasil incautó 1.200 kilos de cocaína ocultos en un cargamento de azúcar en el "
    "puerto de Santos con destino a Amberes, informó el comisario Renato Quiroga.",
    "1,200 kilos of cocaine seized at the port of Santos",
    "Brazil's Federal Police seized 1,200 kilos of cocaine hidden in a load of sugar at the port of Santos "
    "bound for Antwerp, commissioner Renato Quiroga said.",
)
SANTOS_PT = (
    "folha",
    "pt",
    "PF apreende 1.200 kg de cocaína no porto de Santos",
    "A Polícia Federal apreendeu 1.200 kg de cocaína escondidos em carga de açúcar no porto de Santos que ia "
    "para Antuérpia, disse o delegado Renato Quiroga.",
    "Federal police seize 1,200 kg of cocaine at the port of Santos",
    "The Federal Police seized 1,200 kg of cocaine hidden in a load of sugar at the port of Santos that went "
    "to Antwerp, said commissioner Renato Quiroga.",
)
SANTOS_CU = (
    "granma",
    "es",
    "Decomisan en Santos cargamento de cocaína rumbo a Amberes",
    "Autoridades de Brasil decomisaron en el puerto de Santos 1.200 kilos de cocaína en un cargamento de "
    "azúcar rumbo a Amberes, según Renato Quiroga.",
    "Load of cocaine bound for Antwerp confiscated in Santos",
    "Authorities of Brazil confiscated 1,200 kilos of cocaine in a load of sugar bound for Antwerp at the "
    "port of Santos, according to Renato Quiroga.",
)
CALLAO = (
    "infobae",
    "es",
    "Hallan 340 kilos de marihuana en un camión cerca del Callao",
    "La policía peruana halló 340 kilos de marihuana en un camión que iba de Huánuco al Callao y detuvo al "
    "chofer Wilmer Huamaní.",
    "340 kilos of marijuana found in a lorry near Callao",
    "Peruvian police found 340 kilos of marijuana in a lorry that went from Huánuco to Callao and arrested "
    "the driver Wilmer Huamaní.",
)
Told = tuple[str, str, str, str, str, str]

INSERT = """
INSERT INTO articles (outlet_id, url, url_key, source_url, state, title, title_en, text, language, content,
  published_at, found_at)
VALUES (:outlet, :url, :url, :url, 'matched', :title, :title_en, :text, :language, 'page', :at, :at)
RETURNING id
"""


def tell(
    session: Session, told: Told, at: datetime = NOW, topics: tuple[str, ...] = ("iran",), score: float = 0.5
) -> int:
    """Store one matched article with its alerts.

    :returns: its id.
    """
    outlet, language, title, body, title_en, body_en = told
    sync_outlets(session, OUTLETS)
    number = session.scalar(text("SELECT count(*) FROM articles"))
    values = {"outlet": outlet, "language": language, "title": title, "text": body, "title_en": title_en}
    row = session.execute(text(INSERT), values | {"at": at, "url": f"https://{outlet}.example/{number}"})
    article = row.scalar_one()
    translation = BilingualText(
        language,
        SentencePair(title, title_en),
        ((SentencePair(body, body_en),),),
        Provenance("fake", "m", "1"),
    )
    store_translation(session, article, translation, at)
    word = title.split()[1]
    start = title.index(word)
    evidence = (Evidence(word, Field.TITLE, start, start + len(word), title, title_en),)
    matches = [TopicMatch(topic, score, evidence) for topic in topics]
    store_alerts(session, article, matches, dict.fromkeys(topics, 1), at)
    session.commit()
    return int(article)


def tell_all(database: Database, *told: Told, every: timedelta = timedelta(minutes=10)) -> list[int]:
    """Store several, one after the other; the first at NOW."""
    with database.session() as session:
        return [tell(session, one, NOW + every * number) for number, one in enumerate(told)]
