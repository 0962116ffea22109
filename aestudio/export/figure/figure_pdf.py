"""A figure as PDF 1.4: vectors, texts that can be searched, the typeface embedded. ISO 32000-1."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from aestudio.export.figure.figure_canvas import Box, Dots, Line, Picture, Words, channels
from aestudio.export.typefaces.figure_type import Written, figure_type, written
from aestudio.export.typefaces.truetype import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.export.figure.figure_canvas import Canvas, Shape
    from aestudio.export.typefaces.truetype import Typeface

_FIRST, _LAST = 32, 255  # codes of the font, in Windows' Latin encoding
_PLAIN_LETTERS = 32  # the flag of a font that is no set of symbols


def pdf_data(canvas: Canvas) -> bytes:
    """The content of the file: one page."""
    pictures = [shape for shape in canvas.shapes if isinstance(shape, Picture)]
    names = {id(shape): f"P{number}" for number, shape in enumerate(pictures)}
    drawn = "\n".join(_operators(shape, canvas.height, names) for shape in canvas.shapes)
    first_picture = 9
    listed = " ".join(f"/P{number} {first_picture + number} 0 R" for number in range(len(pictures)))
    size = f"{_number(canvas.width)} {_number(canvas.height)}"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Contents 4 0 R "
            f"/Resources << /Font << /F 5 0 R >> /XObject << {listed} >> >> >>"
        ).encode(),
        _stream("", drawn.encode("cp1252")),
        *_font(figure_type()),
        f"<< /Title {_utf16(canvas.title)} /Producer (AE Studio) >>".encode("latin-1"),
        *(_image(picture) for picture in pictures),
    ]
    return _file(objects)


def _file(objects: Iterable[bytes]) -> bytes:
    """Numbered objects, the table of their places, and the end; object 1 is the catalogue, 8 the title."""
    data, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), list[int]()
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = len(data)
    data += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    trailer = f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R /Info 8 0 R >>\n"
    data += f"{trailer}startxref\n{table}\n%%EOF\n".encode()
    return bytes(data)


def _stream(entries: str, data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    head = f"<< {entries}/Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
    return head.encode() + packed + b"\nendstream"


def _font(face: Typeface) -> tuple[bytes, bytes, bytes]:
    """Objects 5 to 7: the font, what is known of it, its file."""
    scale = 1000 / face.units
    letters = [bytes([code]).decode("cp1252", "ignore") for code in range(_FIRST, _LAST + 1)]
    widths = [round(face.advance(one) * scale) if one in face.glyphs else 0 for one in letters]
    box = " ".join(str(round(side * scale)) for side in face.box)
    ascent, descent = (round(one * scale) for one in face.rise)
    font = (
        f"<< /Type /Font /Subtype /TrueType /BaseFont /Aileron-Regular /FirstChar {_FIRST} /LastChar {_LAST} "
        f"/Widths [{' '.join(map(str, widths))}] /FontDescriptor 6 0 R /Encoding /WinAnsiEncoding >>"
    )
    about = (
        f"<< /Type /FontDescriptor /FontName /Aileron-Regular /Flags {_PLAIN_LETTERS} /FontBBox [{box}] "
        f"/ItalicAngle 0 /Ascent {ascent} /Descent {descent} /CapHeight {round(0.7 * ascent)} /StemV 80 "
        "/FontFile2 7 0 R >>"
    )
    return font.encode(), about.encode(), _stream(f"/Length1 {len(face.data)} ", bytes(face.data))


def _image(picture: Picture) -> bytes:
    height, width = picture.pixels.shape[:2]
    entries = (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB "
        "/BitsPerComponent 8 /Interpolate false "
    )
    return _stream(entries, picture.pixels.tobytes())


def _operators(shape: Shape, height: float, names: dict[int, str]) -> str:
    """What draws the shape; PDF's y goes up."""
    match shape:
        case Line(points, colour, width, dash):
            pairs = [f"{_number(x)} {_number(height - y)}" for x, y in points.tolist()]
            path = f"{pairs[0]} m " + " ".join(f"{pair} l" for pair in pairs[1:])
            dashes = " ".join(map(_number, dash))
            return f"q {_colour(colour)} RG {_number(width)} w 1 j [{dashes}] 0 d {path} S Q"
        case Dots(points, colour, diameter):
            # A line without length and with round ends is a circle.
            pairs = [f"{_number(x)} {_number(height - y)}" for x, y in points.tolist()]
            dots = " ".join(f"{pair} m {pair} l" for pair in pairs)
            return f"q {_colour(colour)} RG {_number(diameter)} w 1 J {dots} S Q"
        case Box(left, top, width, tall, colour):
            box = " ".join(map(_number, (left, height - top - tall, width, tall)))
            return f"{_colour(colour)} rg {box} re f"
        case Words():
            return _words(shape, height)
        case Picture(left, top, width, tall):
            place = " ".join(map(_number, (width, 0, 0, tall, left, height - top - tall)))
            return f"q {place} cm /{names[id(shape)]} Do Q"


def _words(words: Words, height: float) -> str:
    found = written(words.text)
    text, width = found.text, found.width(words.size)
    back = {"left": 0.0, "middle": width / 2, "right": width}[words.anchor]
    x, y = words.x, height - words.y
    turn = "0 1 -1 0" if words.upright else "1 0 0 1"
    x, y = (x, y - back) if words.upright else (x - back, y)
    if not found.own:
        return _outlines(words, found, f"{turn} {_number(x)} {_number(y)} cm")
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return (
        f"BT {_colour(words.colour)} rg /F {_number(words.size)} Tf {turn} {_number(x)} {_number(y)} Tm "
        f"({escaped}) Tj ET"
    )


def _outlines(words: Words, found: Written, place: str) -> str:
    """A text by the outlines of its letters; what it says is beside it, for a search or to be read aloud."""
    scale, across = words.size / found.face.units, 0
    drawn: list[str] = []
    for letter in found.text:
        for contour in found.face.outline(letter):
            here = (0.0, 0.0)
            for kind, numbers in pieces([((x + across) * scale, y * scale, on) for x, y, on in contour]):
                *steer, x, y = numbers
                if kind == "Q":  # PDF's curves have two points that steer
                    both = [here[k] + 2 / 3 * (steer[k] - here[k]) for k in (0, 1)]
                    both += [end + 2 / 3 * (steer[k] - end) for k, end in enumerate((x, y))]
                    drawn.append(f"{' '.join(map(_number, (*both, x, y)))} c")
                else:
                    drawn.append(f"{_number(x)} {_number(y)} {kind.lower()}")
                here = x, y
            drawn.append("h")
        across += found.face.advance(letter)
    said = f"/Span << /ActualText {_utf16(words.text)} >> BDC"
    return f"{said} q {place} {_colour(words.colour)} rg {' '.join(drawn)} f Q EMC"


def _utf16(text: str) -> str:
    return "<FEFF" + text.encode("utf-16-be").hex().upper() + ">"


def _colour(colour: str) -> str:
    return " ".join(f"{channel / 255:.3f}" for channel in channels(colour))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
