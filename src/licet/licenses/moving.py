"""Moving seats of a license to another team: the step; who may, and how many, is for packages above.

A whole license moves as it is. Of a part, the rest stays where it was, and the part is a license of its
own with the same terms and days: what points at the license goes on telling the truth.
"""

from datetime import datetime

from licet.eventlog.change import Record
from licet.licenses.events import LicenseMovedAway, LicenseMovedHere
from licet.licenses.models import Code, License, Pool
from licet.licenses.states import CodeStanding


def redeemed_codes(*, license: License, now: datetime) -> list[Code]:
    """Return the codes of the license that work and belong to somebody: they cannot change the team."""
    theirs = Code.objects.filter(license=license, member__isnull=False)
    works = {CodeStanding.WORKING, CodeStanding.SUPERSEDING}
    rows = theirs.select_related("member__person").order_by("pk")
    return [each for each in rows if each.standing(now) in works]


def move(*, license: License, seats: int, to: Pool, record: Record) -> License:
    """Put `seats` seats of a license into the pool of another team; return what is there now. A step.

    The caller has locked the codes of the license, both teams, both pools and the license, and knows that
    so many can be spared. Codes that nobody redeemed go along with a whole license.
    """
    source, there = license.pool, license
    codes = 0
    if seats < license.seats:
        license.seats -= seats
        license.save(update_fields=["seats"])
        there = License.objects.get(pk=license.pk)
        there.split_from_id = license.split_from_id or license.pk
        there.pk, there.public_id = None, License._meta.get_field("public_id").get_default()
        there.seats, there.pool, there.team = seats, to, to.team
        there.save(force_insert=True)
    else:
        License.objects.filter(pk=license.pk).update(pool=to, team=to.team)
        there.pool, there.team = to, to.team
        codes = Code.objects.filter(license=license, member=None).update(team=to.team)
    names = source.product.names
    record(
        LicenseMovedAway(
            license=license.pk,
            moved=there.pk,
            pool=source.pk,
            other=to.team_id,
            seats=seats,
            product_name=names,
            team_name=to.team.name,
        ),
        team=source.team_id,
    )
    record(
        LicenseMovedHere(
            license=there.pk,
            pool=to.pk,
            other=source.team_id,
            seats=seats,
            codes=codes,
            product_name=names,
            team_name=source.team.name,
        ),
        team=to.team_id,
    )
    return there
