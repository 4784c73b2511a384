"""The panel "Summaries"."""
