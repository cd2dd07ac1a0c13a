"""The pieces every page is made of, by what they are; `{% load components %}` gathers them (core/templatetags)."""
