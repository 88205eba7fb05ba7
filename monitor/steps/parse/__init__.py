"""Feeds, sitemaps and section pages to entries; nothing a feed gave is lost."""
