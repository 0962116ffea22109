"""The pages of the attribute vectors panel."""
