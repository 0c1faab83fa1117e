"""`make translation-packages`: the installer of translation packages, with the settings of `.env`."""

from __future__ import annotations

import os
import sys

from deploy.settings import UpSettings, process_environment
from translations import packages


def main() -> int:
    """Run `translations.packages` with what this installation is set to."""
    os.environ.update(process_environment(UpSettings()))
    return packages.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
