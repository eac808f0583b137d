"""Process definitions as files: YAML in, plain data with a path→line map out."""

from engine.definitions.reader import DefinitionUnreadable, content_hash, read_definition

__all__ = ["DefinitionUnreadable", "content_hash", "read_definition"]
