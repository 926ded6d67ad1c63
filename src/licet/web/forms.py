"""How forms are written into pages: label, control, hint, error, and a summary of what to correct."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Write every form of the project, and of the libraries, with our own parts."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"
