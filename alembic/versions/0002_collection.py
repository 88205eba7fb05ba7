"""Collection: health, revisions, copies."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Near enough to text.urls.url_key for what is stored already; a second article with one key keeps its own
KEYS = r"""
UPDATE articles SET url_key = found.key || CASE WHEN found.place > 1 THEN '#' || articles.id ELSE '' END
FROM (
  SELECT id, key, row_number() OVER (PARTITION BY key ORDER BY id) AS place
  FROM (SELECT id, rtrim(regexp_replace(url, '^https?://(www\.)?', ''), '/') AS key FROM articles) AS keyed
) AS found
WHERE found.id = articles.id
"""


def upgrade() -> None:
    op.create_table(
        "backfills",
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlets.id"], name=op.f("fk_backfills_outlet_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outlet_id", "address", name=op.f("pk_backfills")),
    )
    op.create_table(
        "outlet_days",
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlets.id"], name=op.f("fk_outlet_days_outlet_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outlet_id", "day", name=op.f("pk_outlet_days")),
    )
    op.create_table(
        "status_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlets.id"], name=op.f("fk_status_changes_outlet_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_changes")),
    )
    op.create_index("ix_status_changes_outlet_id_at", "status_changes", ["outlet_id", "at"], unique=False)
    op.create_table(
        "addresses",
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_addresses_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("url_key", name=op.f("pk_addresses")),
    )
    op.create_index(op.f("ix_addresses_article_id"), "addresses", ["article_id"], unique=False)
    op.create_table(
        "fingerprints",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bands", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_fingerprints_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_fingerprints")),
    )
    op.create_index(op.f("ix_fingerprints_at"), "fingerprints", ["at"], unique=False)
    op.create_index("ix_fingerprints_bands", "fingerprints", ["bands"], unique=False, postgresql_using="gin")
    op.create_table(
        "revisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_revisions_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
    )
    op.create_index(op.f("ix_revisions_article_id"), "revisions", ["article_id"], unique=False)
    op.add_column("articles", sa.Column("url_key", sa.Text(), nullable=True))
    op.execute(KEYS)
    op.alter_column("articles", "url_key", nullable=False)
    op.add_column("articles", sa.Column("copy_of", sa.BigInteger(), nullable=True))
    op.add_column("articles", sa.Column("page_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "articles", sa.Column("page_attempts", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("articles", sa.Column("as_of", sa.DateTime(timezone=True), nullable=True))
    op.add_column("articles", sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("articles", sa.Column("looks", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("articles", sa.Column("vanished_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("articles", sa.Column("change", sa.Text(), server_default="", nullable=False))
    op.add_column("articles", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_articles_copy_of",
        "articles",
        ["copy_of"],
        unique=False,
        postgresql_where=sa.text("copy_of IS NOT NULL"),
    )
    op.create_index(
        "ix_articles_look_at",
        "articles",
        ["look_at"],
        unique=False,
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.create_index(
        "ix_articles_page_due_at",
        "articles",
        ["page_due_at"],
        unique=False,
        postgresql_where=sa.text("page_due_at IS NOT NULL"),
    )
    op.drop_constraint(op.f("uq_articles_url"), "articles", type_="unique")
    op.create_unique_constraint(op.f("uq_articles_url_key"), "articles", ["url_key"])
    op.create_foreign_key(
        op.f("fk_articles_copy_of"), "articles", "articles", ["copy_of"], ["id"], ondelete="SET NULL"
    )
    op.add_column("feeds", sa.Column("gap_s", sa.Double(), server_default=sa.text("0"), nullable=False))
    op.add_column("feeds", sa.Column("moved_to", sa.Text(), server_default="", nullable=False))
    op.add_column("feeds", sa.Column("moved_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outlets", sa.Column("alarm", sa.Text(), server_default="", nullable=False))
    op.add_column("outlets", sa.Column("alarm_since", sa.DateTime(timezone=True), nullable=True))
