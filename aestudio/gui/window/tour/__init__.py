"""The tour of a first start: three lines over the widgets themselves."""
