"""SEPA direct debit: mandates, files for the bank (pain.008), returns by its statements."""
