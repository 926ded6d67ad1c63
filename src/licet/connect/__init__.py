"""OAuth 2 for applications: who may ask for a person's permission, and got it."""
