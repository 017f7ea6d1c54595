"""`python -m techstock`."""

import sys

from techstock.cli import main

sys.exit(main())
