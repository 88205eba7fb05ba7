"""The files that analysts edit, read into records; every error names file, line and what to write instead."""
