"""monitor: news of Latin America, collected, translated, matched and explained on your own server."""

__version__ = "0.1.0"
