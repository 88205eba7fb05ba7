"""monitor: news of Latin America, collected, translated, matched and explained on your own server."""

import gc
import os

# Read by numpy when it is first imported. Vectors come one text at a time: a second thread would only wait in
# a loop for the next one, and take a core from the processes that translate (decision 0067).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A poll holds tens of thousands of entries for a moment; with Python's 700 an eighth of its time went into
# looking for garbage among them (decision 0094). Memory is the same.
gc.set_threshold(5_000)

__version__ = "0.1.0"
