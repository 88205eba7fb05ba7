"""Addresses to answers: polite, bounded, safe; every failure is classified."""

from monitor.steps.fetch.client import HttpFetcher
from monitor.steps.fetch.decoding import unpacked

__all__ = ["HttpFetcher", "unpacked"]
