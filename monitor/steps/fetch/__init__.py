"""Addresses to answers: polite, bounded, safe; every failure is classified."""

from monitor.steps.fetch.client import HttpFetcher

__all__ = ["HttpFetcher"]
