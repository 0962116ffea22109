"""The command line of the gallery; `--help` lists the names."""

from tools.widget_gallery.samples import SAMPLES
from tools.widget_gallery.show import main

raise SystemExit(main(SAMPLES))
