"""Charts as PNG: drawn with typst, which carries its own fonts, one at a time for the whole process."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache

import typst

from feedback.results.drawing import Drawing

SERIF = "Libertinus Serif"  # a font that typst carries; it has all Kazakh letters
SCALE = 144  # pixels per inch; a unit of the drawing is 1/72 inch
KEPT = 32
PATIENCE = 5  # seconds
pen = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chart")


class Busy(Exception):
    """Too many pictures are being drawn at once."""


def png(drawing: Drawing, *, patient: bool = False) -> bytes:
    """The picture at twice its size; `Busy` where others wait to be drawn for too long, unless one is `patient`."""
    if patient:
        return _draw(drawing.svg(font=SERIF), drawing.width, drawing.height)
    return _kept(drawing.svg(font=SERIF), drawing.width, drawing.height)


@lru_cache(maxsize=KEPT)
def _kept(svg: str, width: float, height: float) -> bytes:
    picture = pen.submit(_draw, svg, width, height)
    try:
        return picture.result(timeout=PATIENCE)
    except TimeoutError:
        picture.cancel()
        raise Busy from None


def _draw(svg: str, width: float, height: float) -> bytes:
    """One page of the picture's own size; the picture comes in as data, never as markup."""
    page = (
        f"#set page(width: {width:.2f}pt, height: {height:.2f}pt, margin: 0pt)\n"
        '#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    )
    return typst.compile(
        page.encode(), format="png", ppi=SCALE, font_paths=fonts(), ignore_system_fonts=True, sys_inputs={"svg": svg}
    )


@cache
def fonts() -> typst.Fonts:
    """The fonts that typst carries, so that a picture looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
