"""`python -m licet` is the same as `licet`."""

from licet.config.cli import main

if __name__ == "__main__":
    main()
