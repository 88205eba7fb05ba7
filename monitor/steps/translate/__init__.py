"""Original to English, sentence beside sentence, offline."""
