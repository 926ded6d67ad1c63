"""Licet: the self-hosted license desk of a software vendor."""

__version__ = "0.1.0"
