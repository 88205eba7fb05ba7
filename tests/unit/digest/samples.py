"""A day's digest with everything that can stand in one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.model import (
    Coverage,
    DigestChange,
    DigestContent,
    DigestStory,
    DigestTopic,
    Evidence,
    Field,
    OutletCoverage,
    OutletRecovered,
    StoredAlert,
    StoryOutlet,
)

END = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
SEIZED = "La Policía Federal incautó 1,2 toneladas de cocaína en el puerto de Santos."
SEIZED_EN = "The Federal Police seized 1.2 tonnes of cocaine in the port of Santos."
TITLE = "Incautan cocaína del Primeiro Comando da Capital en Santos"

SANTOS = StoredAlert(
    id=1,
    topic="drugs",
    topic_version=1,
    created_at=END,
    article_id=1,
    content="page",
    url="https://www.example.org/a?x=1&y=2",
    title=TITLE,
    title_en="Cocaine of the First Capital Command seized in Santos",
    language="es",
    outlet="diario",
    outlet_name="El Diario",
    country="AR",
    kind="independent",
    published_at=END,
    score=3.0,
    evidence=(
        Evidence("primeiro comando da capital", Field.TITLE, 21, 48, TITLE),
        Evidence("incaut*", Field.TEXT, 1019, 1026, SEIZED, SEIZED_EN),
        Evidence("cocaine", Field.TEXT_EN, 1040, 1047, SEIZED_EN),
    ),
    lead_en="Officers found the load at dawn.",
)
SANTOS_PT = StoredAlert(
    id=2,
    topic="drugs",
    topic_version=1,
    created_at=END,
    article_id=2,
    url="https://www.example.com/b",
    title="PF apreende cocaína no porto de Santos",
    title_en="Federal police seize cocaine at the port of Santos",
    language="pt",
    outlet="jornal",
    outlet_name="O Jornal",
    country="BR",
    kind="state-run",
    published_at=END + timedelta(minutes=50),
    score=2.0,
    evidence=(
        Evidence("cocaína", Field.TITLE, 12, 19, "PF apreende cocaína no porto de Santos"),
        Evidence(
            "apreens*", Field.TEXT, 17, 26, "A carga, a maior apreensão do ano, era açúcar.", "The load."
        ),
    ),
    content="summary",
)
HOSTILE = StoredAlert(
    id=3,
    topic="china",
    topic_version=1,
    created_at=END,
    article_id=3,
    url="javascript:alert(1)",
    title="<script>alert('x')</script> \u202e\u0645\u0631\u062d\u0628\u0627\u202c \x07" + "largo " * 330,
    title_en="",
    language="es",
    outlet="tele",
    outlet_name='Tele <b onload="x">',
    country="VE",
    kind="unheard-of",
    published_at=None,
    score=1.0,
    evidence=(Evidence("Huawei", Field.TEXT, 3, 9, "El contrato con Huawei.", "The contract with Huawei."),),
    content="feed",
    change="Its headline changed <i>twice</i>.",
)
BOTH = (
    StoryOutlet("diario", "El Diario", "AR", "independent", 1),
    StoryOutlet("jornal", "O Jornal", "BR", "state-run", 1),
)
COVERAGE = Coverage(
    outlets=(
        OutletCoverage("diario", "El Diario", "ok", 120),
        OutletCoverage("jornal", "O Jornal", "empty", alarm="unusually few: 0 articles", alarm_since=END),
        OutletCoverage("prensa", "La Prensa", "blocked", 0, END - timedelta(days=2), "403 for every page"),
        OutletCoverage("granma", "Granma", "silent", 0, END - timedelta(days=4)),
        OutletCoverage("odd", "Odd", "unheard-of", 0, None, "no idea"),
    ),
    articles=1218,
    unread=3,
    config_errors=("config/watchlist.yaml:14: unknown outlet “infobea”",),
    unread_reasons=(("page too large", 2), ("no translation", 1)),
    recovered=(OutletRecovered("El Faro", "blocked", END - timedelta(hours=3)),),
)
CHANGES = (
    DigestChange(
        "https://e.org/c", "Retirado", "Withdrawn", "es", "El Diario", True, "The page answers 404."
    ),
    DigestChange("ftp://e.org/d", "Sin traducir", "", "es", "El Diario", False),
)
CONTENT = DigestContent(
    subscription="morning",
    title="Morning digest",
    period_start=END - timedelta(days=1),
    period_end=END,
    topics=(
        DigestTopic(
            "drugs",
            "Drug trafficking",
            7,
            (DigestStory((SANTOS, SANTOS_PT), 12, first_seen=END, first_outlet="El Diario", outlets=BOTH),),
            0.43,
        ),
        DigestTopic("china", "China", 3, (DigestStory((HOSTILE,), 13, True, "China buys a port"),), 0.9),
        DigestTopic("ports", "Ports", 5, (DigestStory((replace(SANTOS, id=4, topic="ports"),), 12),)),
        DigestTopic("iran", "Iran", 1, (), 0.2),
        DigestTopic("cuba", "Cuba", 2, ()),
    ),
    coverage=COVERAGE,
    timezone="America/Bogota",
    base_url="https://monitor.example.org/",
    changes=CHANGES,
)
NOTHING = replace(
    CONTENT,
    topics=(DigestTopic("iran", "Iran", 1, ()),),
    changes=(),
    base_url="",
    coverage=Coverage((OutletCoverage("diario", "El Diario", "ok", 12),), 12),
)


def many(stories: int, alerts: int = 1) -> tuple[DigestStory, ...]:
    """Stories of this many alerts each, all told apart by their headlines."""
    return tuple(
        DigestStory(
            tuple(
                replace(
                    SANTOS,
                    id=number * 100 + at,
                    url=f"https://e.org/{number}/{at}",
                    title_en=f"Story {number} report {at}",
                )
                for at in range(alerts)
            ),
            number + 1,
        )
        for number in range(stories)
    )
