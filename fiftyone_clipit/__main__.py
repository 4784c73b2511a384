"""`python -m fiftyone_clipit` is `clipit`."""

from fiftyone_clipit.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
