"""Bank transfer after the invoice: bank details, a creditor reference, an EPC QR code."""
