"""What sets a discrete code: a picker of entries, a chooser of categories."""
