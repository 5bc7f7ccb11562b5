"""Moments in full, as people say them."""

from django import template

from rectification.words import moment_words

register = template.Library()
register.filter("moment_words", moment_words)
