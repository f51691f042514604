"""Symbols of the integrators' codes, those of wrong texts too."""

import numpy as np
import qrcode
from qrcode.constants import ERROR_CORRECT_M

from license_verify.token.errors import ScanRefused
from license_verify.token.scan import ScanText
from registry_service.issuing.symbol import QUIET_MODULES, Symbol, draw


def symbol_of(text: str) -> Symbol:
    """The symbol that a licence would bear, or a plain one where the text is no scan text.

    Raises:
        SymbolUnreadable: two decoders don't read the picture of a scan text back.
    """
    try:
        return draw(ScanText.parse(text))
    except ScanRefused:
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES)
        code.add_data(text)
        code.make(fit=True)
        return Symbol(code.version, np.array(code.get_matrix(), dtype=np.bool_), 1)
