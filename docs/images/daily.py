"""Draw daily.png: what a phone shows first of the newest daily page in the data home."""

import sys
from pathlib import Path

from followthrough.reports.picture import browser, picture
from followthrough.settings import from_environment

TARGET = Path(__file__).with_suffix(".png")
PHONE = 858
"""Points: down to the end of the table of shops."""

settings = from_environment()
days = sorted(settings.home.reports.glob("????-??-??.html"))
if not days:
    sys.exit(f"no daily page in {settings.home.reports}: run `make night` first")
program = browser(settings.browser)
if not program:
    sys.exit("no Chromium on this machine: install one or set FOLLOWTHROUGH_BROWSER")
trouble = picture(program, days[-1], TARGET, scale=1, tallest=PHONE)
if trouble:
    sys.exit(trouble)
print(f"{TARGET} of {days[-1]}")
