"""Stillup: a dashboard that tells the truth about the AI services people depend on."""

__version__ = "0.1.0"
