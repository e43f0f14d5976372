#!/usr/bin/env python3
"""Draws every icon of the app from the shapes below: `src-tauri/icons/draw.py` (needs rsvg-convert and ImageMagick).

One bell on a grid of 24. The tray has four outlines, so that its state is read without colour: an outline bell, a
solid bell, an octagon around a bell, a struck-through bell.
"""
import pathlib
import struct
import subprocess

HERE = pathlib.Path(__file__).resolve().parent

BODY = (
    "M12 2.4c-3.9 0-6.4 2.9-6.4 6.6v3.6c0 1.3-.6 2.3-1.5 3.3-.9 1-.5 2.6 1.1 2.6h13.6c1.6 0 2-1.6 1.1-2.6"
    "-.9-1-1.5-2-1.5-3.3V9c0-3.7-2.5-6.6-6.4-6.6z"
)
CLAPPER = "M9.2 20.1h5.6a2.8 2.5 0 0 1-5.6 0z"
OCTAGON = "M7.4.6h9.2L23.4 7.4v9.2l-6.8 6.8H7.4L.6 16.6V7.4z"

# The palette of the window: dark panel, light panel, and black for a system that colours the icon itself.
PANELS = {
    "dark": {"ink": "#EAEDEF", "critical": "#E5484D", "sign": "#FFFFFF", "warning": "#F7BA47", "info": "#93B7CD", "deaf": "#BA91F5"},
    "light": {"ink": "#172023", "critical": "#D22828", "sign": "#FFFFFF", "warning": "#C47704", "info": "#4B718B", "deaf": "#7C3FC6"},
    "template": dict.fromkeys(["ink", "critical", "warning", "info", "deaf"], "#000000"),
}


def outline(colour):
    return (
        f'<path d="{BODY}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"/>'
        f'<path d="{CLAPPER}" fill="{colour}"/>'
    )


def solid(colour):
    return f'<path d="{BODY}" fill="{colour}" stroke="{colour}"/><path d="{CLAPPER}" fill="{colour}" transform="translate(0 .4)"/>'


def octagon(colour, sign):
    bell = f'<g transform="translate(4.56 4.2) scale(.62)">{{}}</g>'
    if sign:
        return f'<path d="{OCTAGON}" fill="{colour}"/>' + bell.format(solid(sign))
    hole = f'<mask id="hole"><rect width="24" height="24" fill="white"/>{bell.format(solid("black"))}</mask>'
    return f'{hole}<path d="{OCTAGON}" fill="{colour}" mask="url(#hole)"/>'


def struck(colour):
    mask = '<mask id="cut"><rect width="24" height="24" fill="white"/><path d="M2.6 22.6 22.6 2.6" stroke="black" stroke-width="5.6"/></mask>'
    return f'{mask}<g mask="url(#cut)">{outline(colour)}</g><path d="M2 22 22 2" stroke="{colour}" stroke-width="2.2" stroke-linecap="round"/>'


def picture(inside, box="0 0 24 24"):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inside}</svg>\n'


def png(svg, path, size):
    subprocess.run(["rsvg-convert", "-w", str(size), "-h", str(size), "-o", str(path)], input=svg.encode(), check=True)


def tray():
    folder = HERE / "tray"
    folder.mkdir(exist_ok=True)
    for panel, colours in PANELS.items():
        faces = {
            "quiet": outline(colours["ink"]),
            "info": solid(colours["info"]),
            "warning": solid(colours["warning"]),
            "critical": octagon(colours["critical"], colours.get("sign")),
            "deaf": struck(colours["deaf"]),
        }
        for name, inside in faces.items():
            png(picture(inside), folder / f"{name}-{panel}.png", 44)


def app():
    bell = f'<path d="{BODY}" fill="#EAEDEF" stroke="#EAEDEF"/><path d="{CLAPPER}" fill="#F7BA47" transform="translate(0 .5)"/>'
    rings = '<g fill="none" stroke="#73C59E" stroke-width="1.5" stroke-linecap="round"><path d="M2.2 10.6a11 11 0 0 1 2.6-6.4M21.8 10.6a11 11 0 0 0-2.6-6.4"/></g>'
    svg = picture(
        '<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#26323A"/><stop offset="1" stop-color="#0B1012"/></linearGradient></defs>'
        '<rect x="1" y="1" width="46" height="46" rx="10.5" fill="url(#g)" stroke="#363F42"/>'
        f'<g transform="translate(7.2 6.6) scale(1.4)">{bell}{rings}</g>',
        "0 0 48 48",
    )
    (HERE / "tocsin.svg").write_text(svg)
    for name, size in {"32x32": 32, "64x64": 64, "128x128": 128, "128x128@2x": 256, "icon": 512}.items():
        png(svg, HERE / f"{name}.png", size)
    sizes = [16, 24, 32, 48, 64, 256]
    for size in sizes:
        png(svg, HERE / f"ico-{size}.png", size)
    parts = [HERE / f"ico-{size}.png" for size in sizes]
    subprocess.run(["convert", *map(str, parts), str(HERE / "icon.ico")], check=True)
    for part in parts:
        part.unlink()
    entries = b""
    for kind, size in {b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512}.items():
        path = HERE / "icns.png"
        png(svg, path, size)
        data = path.read_bytes()
        path.unlink()
        entries += kind + struct.pack(">I", 8 + len(data)) + data
    (HERE / "icon.icns").write_bytes(b"icns" + struct.pack(">I", 8 + len(entries)) + entries)


tray()
app()
