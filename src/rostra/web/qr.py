"""QR codes for two-step sign-in."""

import segno


def data_uri(text: str) -> str:
    """Draw a text as a QR code and return it as a `data:` address of an SVG picture."""
    code = segno.make(text, error="m")
    return str(code.svg_data_uri(scale=4, border=2, dark="#201713", light="#fff"))
