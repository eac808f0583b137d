"""How large a text may be. Chosen so that every page, diff and search over one text stays quick."""

MAX_BYTES = 300 * 1024  # of the canonical JSON
MAX_BLOCKS = 2_000
MAX_RUNS = 2_000  # in one block
MAX_LIST_DEPTH = 5  # counted from 0
MAX_TABLE_ROWS = 300
MAX_TABLE_COLUMNS = 20
MAX_URL = 2_000  # characters
MAX_ALT = 1_000  # characters
MAX_PROBLEMS = 50  # reported at once
