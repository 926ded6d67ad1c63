"""devices, and the signed, dated permissions that they run under."""
