"""A drawn world: pictures and videos of objects in settings, with sentences that are true of them."""
