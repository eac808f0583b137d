"""What `make demo` and `make test` run on one machine that has nothing installed: servers, supervisor, steps.

Nothing here is imported by the product. The modules need no Django: they start it.
"""
