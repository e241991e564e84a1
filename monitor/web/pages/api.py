"""The JSON API's addresses."""

from monitor.web.api import pages

PAGES = pages()
