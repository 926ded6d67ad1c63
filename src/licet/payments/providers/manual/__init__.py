"""Money that came otherwise, recorded by staff: a cheque, a compensation."""
