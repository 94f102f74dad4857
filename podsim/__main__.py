"""`python -m podsim`."""

from __future__ import annotations

import sys

from podsim.cli import main

sys.exit(main())
