"""The only writers of the engine's rows."""
