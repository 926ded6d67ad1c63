"""The forms of an invoice's file: each in its folder, each a pure function from document to bytes."""
