"""Texts of our three languages: sentences, folding, addresses. Pure functions shared by the steps."""
