"""The panel's part in JavaScript."""
