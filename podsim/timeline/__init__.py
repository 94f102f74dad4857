"""A history as data for pictures and tables."""
