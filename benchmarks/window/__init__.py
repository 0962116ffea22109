"""The whole window driven by a script: its lateness, its start and its memory."""

import os

# As in the program (`make_application`), but before numpy is imported: its products would take both cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
