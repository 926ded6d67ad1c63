"""keys with an identifier, published, and what is signed with them."""
