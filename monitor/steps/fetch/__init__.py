"""Addresses to answers: polite, bounded, safe; every failure is classified."""
