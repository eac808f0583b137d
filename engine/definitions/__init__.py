"""Process definitions as files: YAML in, plain data with a path→line map out."""

from engine.definitions.reader import DefinitionUnreadable, content_hash, line_of, read_definition
from engine.definitions.writer import write_definition

__all__ = ["DefinitionUnreadable", "content_hash", "line_of", "read_definition", "write_definition"]
