"""Guests: members from outside the company that owns the team, told by their addresses. Pure functions."""

from collections.abc import Iterable

_PUBLIC = """
    aol.com bluewin.ch e-mail.de email.com fastmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com
    gmx.de gmx.fr gmx.net googlemail.com hey.com hispeed.ch hotmail.be hotmail.com hotmail.de hotmail.es
    hotmail.fr hotmail.it icloud.com laposte.net libero.it live.com live.de live.fr mac.com mail.com mail.de
    mail.ru mailbox.org me.com msn.com neuf.fr numericable.fr online.de orange.fr outlook.at outlook.com
    outlook.de outlook.es outlook.fr outlook.it pm.me posteo.de posteo.net proton.me protonmail.com qq.com
    rocketmail.com seznam.cz sfr.fr skynet.be t-online.de telenet.be tuta.com tutanota.com virgilio.it
    wanadoo.fr web.de wp.pl yahoo.com yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com
    zoho.com
"""

PUBLIC = frozenset(_PUBLIC.split())
"""Mail providers that anybody can have an address of: they never stand for a company."""


def companies(*, owners: Iterable[str]) -> frozenset[str]:
    """Return the domains that the owners' addresses stand for; none where all of them are public."""
    return frozenset(_domain(email) for email in owners) - PUBLIC


def is_guest(*, email: str, companies: frozenset[str]) -> bool:
    """Whether the address is of none of these companies nor of a part of one (`paris.example.org`).

    Where the owners stand for no company, nobody is a guest.
    """
    domain = _domain(email)
    return bool(companies) and not any(domain == each or domain.endswith("." + each) for each in companies)


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()
