"""Texts of our three languages: sentence boundaries, folding, addresses. Pure functions shared by the steps."""
