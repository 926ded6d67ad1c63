"""What applications ask about projects: may this person use this product here, and if not, who can fix it."""

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from licet.catalog.models import Product
from licet.kernel.refusal import Missing
from licet.projects import queries
from licet.projects.models import Project
from licet.teams.models import Team
from licet.web.api.actor import ProgramRequest, program


@program
@require_safe
def standing(request: ProgramRequest, project: str) -> JsonResponse:
    """Answer whether the token's person may use the product with this code in the project.

    `permitted`, `role` (admin, editor, viewer: who views looks and changes nothing; null for who is no
    member of the project), and where it is not permitted `code` (stable), `detail` (a sentence in the
    person's language) and `fixed_by` (project_admin or team_admin). Missing for what the person may not
    know of, a project of somebody else's team; and for a product that is not the application's own.
    """
    person = request.holder.person
    mine = Team.objects.visible_to(request.actor)
    found = Project.objects.filter(team__in=mine, public_id=project).select_related("team").first()
    own = Product.objects.filter(code__in=request.holder.application.products)
    product = own.filter(code=request.GET.get("product", "")).first()
    if found is None or product is None:
        raise Missing
    answer = queries.standing(person=person.pk, product=product, project=found, now=request.now)
    refusal = answer.refusal
    return JsonResponse(
        {
            "project": found.public_id,
            "product": product.code,
            "permitted": answer.permitted,
            "role": answer.role,
            "code": refusal.code if refusal else None,
            "detail": str(refusal) if refusal else None,
            "fixed_by": refusal.fixed_by if refusal else None,
        }
    )
