"""monitor: news of Latin America, collected, translated, matched and explained on your own server."""

import os

# Read by numpy when it is first imported. Vectors come one text at a time: a second thread would only wait in
# a loop for the next one, and take a core from the processes that translate (decision 0067).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
