"""`python -m clients.cli` is `yizhao`."""

import sys

from clients.cli.main import main

sys.exit(main())
