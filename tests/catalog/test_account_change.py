"""Where customers pay to changes only when somebody means it, and everybody at the vendor's learns of it."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from licet.catalog import mail as catalog_mail
from licet.catalog.actions import import_catalog
from licet.catalog.document import EXAMPLE, Faulty, read
from licet.catalog.errors import AccountUnconfirmed
from licet.catalog.queries import brand
from licet.eventlog.models import Event
from tests.world import OPERATOR, World

TEXT = EXAMPLE.read_text(encoding="utf-8")
OLD, NEW = "FR76 3000 6000 0112 3456 7890 189", "DE02 1203 0000 0000 2020 51"
CHANGED = TEXT.replace(OLD, NEW)


def test_another_iban_is_refused_until_it_is_repeated(world: World) -> None:
    assert world.catalog
    for confirmed in ("", OLD, "DE02"):
        with pytest.raises(AccountUnconfirmed, match="DE02120300000000202051"):
            import_catalog(document=read(text=CHANGED), by=OPERATOR, now=world.now, confirmed_iban=confirmed)
    assert brand().account.iban == OLD
    import_catalog(document=read(text=CHANGED), by=OPERATOR, now=world.now, confirmed_iban=NEW.lower())
    assert brand().account.iban == NEW


def test_the_first_account_and_the_same_one_need_no_word(world: World) -> None:
    for text in (TEXT, TEXT, TEXT.replace(OLD, OLD.replace(" ", ""))):
        import_catalog(document=read(text=text), by=OPERATOR, now=world.now)
    assert not Event.objects.filter(name="catalog.account_changed").exists()


def test_taking_the_account_out_first_is_no_way_around_it() -> None:
    bare = re.sub(r"\n\[brand\.account\]\n(?:[^\n\[]+\n)+", "\n", TEXT)
    assert "iban" not in bare
    with pytest.raises(Faulty):
        read(text=bare)


def test_everybody_at_the_vendors_is_told(world: World) -> None:
    assert world.catalog
    world.person("hans@vendor.example", language="de", staff=True)
    assert world.victor
    assert world.alice
    import_catalog(document=read(text=CHANGED), by=OPERATOR, now=world.now, confirmed_iban=NEW)
    event = Event.objects.get(name="catalog.account_changed")
    for _ in range(2):
        catalog_mail.account_changed(event=event, now=world.now)
    assert sorted(each.to[0] for each in mail.outbox) == ["hans@vendor.example", "victor@vendor.example"]
    assert "FR...0189" in mail.outbox[0].body
    assert "DE...2051" in mail.outbox[0].body


def test_the_command_wants_the_iban(world: World, tmp_path: Path) -> None:
    assert world.catalog
    path = tmp_path / "vendor.toml"
    path.write_text(CHANGED, encoding="utf-8")
    with pytest.raises(CommandError, match="by telephone"):
        call_command("catalog", "import", str(path), stdout=StringIO())
    call_command("catalog", "import", str(path), "--iban", NEW, stdout=StringIO())
    assert brand().account.iban == NEW
