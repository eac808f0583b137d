"""How much a proposal may hold. Lengths in characters are those of the columns; the rest keeps pages quick."""

from recommendations.text import MAX_BYTES

TITLE = 160
SUMMARY = 1200
STATEMENT = 400
SECTION_BYTES = MAX_BYTES
PASSAGE_BYTES = 40 * 1024  # a rationale or a guideline
RECOMMENDATIONS = 40
EVIDENCE = 200
EVIDENCE_TITLE = 250
PUBLISHER = 160
ADDRESS = 300
NOTE = 4000
CO_AUTHORS = 30
