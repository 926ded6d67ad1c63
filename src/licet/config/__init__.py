"""Wires the parts: settings, addresses, side effects, the command line. Nothing imports it."""
