"""The database's own refusal to change or delete what was finalised.

The verbs never do it; this holds against everything else that has the password of the application. Who
owns the database can still drop a trigger, which the hash chain then tells (`licet invoices verify`).
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("invoices_invoice", "invoices_invoicefile")
SENTENCE = "invoices never change: write a credit note"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION invoices_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'restrict_violation';
END $$
"""


def protect(*, connection: BaseDatabaseWrapper) -> None:
    """Have UPDATE and DELETE of the tables refused by triggers. May run twice."""
    unprotect(connection=connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in TABLES:
            for statement in _made(table, vendor=connection.vendor):
                cursor.execute(statement)


def unprotect(*, connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for a migration that has to rebuild a table, and then protects it again."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for what in ("update", "delete"):
                name = f"{table}_no_{what}"
                where = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def _made(table: str, *, vendor: str) -> list[str]:
    does = (
        "EXECUTE FUNCTION invoices_stand()"
        if vendor == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )
    return [
        f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} FOR EACH ROW {does}"
        for what in ("update", "delete")
    ]
