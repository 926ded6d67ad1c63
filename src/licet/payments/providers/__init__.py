"""One folder per provider; each is a slice behind `payments.boundary`."""
