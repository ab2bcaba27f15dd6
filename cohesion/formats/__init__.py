"""How dates are typed here, in the place of Django's own list (``FORMAT_MODULE_PATH``)."""
