"""The wording of papers: one engine, several models. A model ships with the platform, a school replaces texts, versions stay.

`syntax` is the plain language of the texts, `texts` the models and their texts, `versions` a school's own, `catalogue` the
models that the pages show.
"""
