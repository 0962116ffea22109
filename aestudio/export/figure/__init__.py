"""Figures for papers: what they show, and how a page is drawn as PDF, SVG and PNG."""
