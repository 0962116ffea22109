"""Letters in figures and pictures: which typeface has them, their widths and outlines."""
