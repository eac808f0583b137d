"""Shot at: many runs through the whole default process while machines are killed, and what must hold afterwards."""
