"""What `make demo` and `make test` need to run on one machine without installing anything: servers, supervisor, steps.

Nothing here is imported by the product. The modules need no Django: they start it.
"""
