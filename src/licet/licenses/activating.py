"""Sign in to an application with a license code: its holder is who is signed in, and no page is shown.

What the application may then run is the ordinary path: it enrolls its device and checks out a lease for
the holder's seat.
"""

from datetime import datetime

from licet.connect.actions import open_directly
from licet.connect.models import Application, Grant
from licet.eventlog.change import change
from licet.kernel.actor import Actor
from licet.licenses.codes import check_works
from licet.licenses.errors import CodeHolderLeft, CodeLapsed, CodeNotForProduct, CodeNotRedeemed
from licet.licenses.events import CodeActivated
from licet.licenses.models import Activation, Code
from licet.licenses.states import CodeStanding
from licet.teams.models import Member


def activate(
    *,
    code: Code,
    application: Application,
    device_name: str,
    access: str,
    refresh: str,
    by: Actor,
    now: datetime,
) -> Grant:
    """Open a grant with the two tokens given, for the person who holds the code.

    A code signs in any number of devices; how many may run at once is the license's matter. Refuses codes
    that no longer work, CodeNotRedeemed, CodeLapsed, CodeNotForProduct, CodeHolderLeft, AccountClosed.
    """
    with change(by=by, now=now) as record:
        # competing: revoking and replacing the same code
        code = Code.objects.locked(code.pk)
        member = _holder(code, application=application, now=now)
        grant = open_directly(
            person=member.person,
            application=application,
            device_name=device_name,
            access=access,
            refresh=refresh,
            record=record,
        )
        Activation.objects.create(code=code, grant=grant, activated_at=now)
        record(
            CodeActivated(
                code=code.pk,
                ending=code.ending,
                grant=grant.public_id,
                person=member.person.pk,
                owner=member.person.name,
                app=application.name,
                device=grant.device_name,
            ),
            team=code.team_id,
        )
    return grant


def _holder(code: Code, *, application: Application, now: datetime) -> Member:
    check_works(code=code, now=now)
    if code.standing(now) is CodeStanding.EXPIRED and code.allotment and code.allotment.redeem_until:
        raise CodeLapsed(redeem_until=code.allotment.redeem_until)
    if code.product.code not in application.products:
        raise CodeNotForProduct(product=code.product.name)
    if code.member is None:
        raise CodeNotRedeemed
    if not Member.objects.current().filter(pk=code.member.pk).exists():
        raise CodeHolderLeft
    return code.member
