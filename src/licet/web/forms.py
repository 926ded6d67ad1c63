"""How forms are drawn (deepened by the design work)."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Our own markup for fields and their errors."""
