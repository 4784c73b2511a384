"""clipit-tiny: a CLIP of a few megabytes that knows the drawn world, and how it is made."""
