"""`python -m licet_client` is the same as `licet-client`."""

from licet_client.cli import main

if __name__ == "__main__":
    main()
