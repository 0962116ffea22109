"""All samples by the name of the module that they show."""

from tools.widget_gallery import plot_samples, widget_samples

SAMPLES = {**widget_samples.SAMPLES, **plot_samples.SAMPLES}
