"""How fast the engine is, beside other ways to do the same: `make bench-engine`."""
