"""The REST API, version 1: published things only, for everybody, without accounts. See `docs/api.md`."""
