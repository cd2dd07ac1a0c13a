"""Papers: one convention against plain WeasyPrint with shared objects, then a class of 30 in one print file.

    .venv/bin/python -m bench.papers

Times are CPU milliseconds of this process, medians of interleaved runs: on a noisy machine read the ratios.
Target: one convention at most 1.2 times the floor.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bdeplatform.settings.test")
django.setup()

from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402

from core import pdf, pdf_engine  # noqa: E402
from pfmp import documents  # noqa: E402
from tests.pfmp.papers import EXTREME, ORDINARY  # noqa: E402

ROUNDS = 7
PUPILS = 30


def cpu_ms(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def main() -> None:
    fonts = FontConfiguration()
    fetcher = pdf_engine.AssetFetcher()
    sheets = [
        CSS(string=(pdf_engine.ASSETS / f"{name}.css").read_text(), font_config=fonts, url_fetcher=fetcher)
        for name in documents.STYLES
    ]
    html = documents.html(ORDINARY)

    def floor() -> bytes:
        document = HTML(string=html, url_fetcher=fetcher).render(font_config=fonts, stylesheets=sheets)
        written: bytes = document.write_pdf(pdf_variant=pdf_engine.VARIANT)
        return written

    def ours() -> bytes:
        return documents.render(ORDINARY)

    contents = [
        replace(
            ORDINARY,
            number=f"2026-{rank:04d}",
            pupil=replace(ORDINARY.pupil, first_name=f"Élève {rank}", last_name="NOM-DE-FAMILLE"),
        )
        for rank in range(PUPILS)
    ]

    def class_file() -> bytes:
        return documents.render_print_file(contents, title="Une classe")

    for call in (floor, ours):  # caches, imports
        call()
    times: dict[str, list[float]] = {"floor": [], "ours": [], "extreme": []}
    for _ in range(ROUNDS):
        times["floor"].append(cpu_ms(floor))
        times["ours"].append(cpu_ms(ours))
        times["extreme"].append(cpu_ms(lambda: documents.render(EXTREME)))
    median = {name: statistics.median(values) for name, values in times.items()}
    whole = cpu_ms(class_file)
    result = {
        "plain_weasyprint_ms": round(median["floor"]),
        "one_convention_ms": round(median["ours"]),
        "one_convention_ratio": round(median["ours"] / median["floor"], 2),
        "extreme_convention_ms": round(median["extreme"]),
        "class_of_30_ms_each": round(whole / PUPILS),
        "class_of_30_ratio": round(whole / PUPILS / median["floor"], 2),
        "pages": pdf.page_count(ours()),
        "bytes": len(ours()),
    }
    for name, value in result.items():
        print(f"{name:24} {value}", file=sys.stderr)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
