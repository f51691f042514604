"""A service that writes a canary to plain stderr, as a careless one would."""

import os
import sys

from tests.e2e.privacy.canary import NAME

FORMS = {
    "plain": NAME,
    "json": ascii(NAME),
    "bytes": repr(NAME.encode()),
    "hex": NAME.encode().hex(),
}

if __name__ == "__main__":
    sys.stderr.write(f"cannot print {FORMS[os.environ['LEAK']]}\n")
    sys.stderr.write('{"event": "leaky.serving"}\n')
