"""`python -m app` is `bedside`. `python -P -m app` where the folder is not one's own: it then brings no code with it."""

import sys

from app.cli import main

if __name__ == "__main__":
    sys.exit(main())
