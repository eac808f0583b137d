"""Reading the JSON form of a text, with every fault reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from recommendations.text.blocks import (
    ID,
    KINDS,
    Block,
    Footnote,
    Heading,
    Image,
    ListItem,
    Paragraph,
    Quote,
    Table,
    Text,
    slots,
)
from recommendations.text.canonical import canonical_bytes
from recommendations.text.data_out import to_data
from recommendations.text.inline import Marks, Run, Runs, squeeze, tidy
from recommendations.text.languages import short_lang
from recommendations.text.limits import (
    MAX_ALT,
    MAX_BLOCKS,
    MAX_BYTES,
    MAX_LIST_DEPTH,
    MAX_PROBLEMS,
    MAX_RUNS,
    MAX_TABLE_COLUMNS,
    MAX_TABLE_ROWS,
)
from recommendations.text.links import safe_href, safe_src
from recommendations.text.problems import Problem, TextInvalid

_MARKS = {"strong", "emphasis", "link", "lang", "note"}
_KEYS: dict[str, set[str]] = {
    "heading": {"runs", "level"},
    "paragraph": {"runs"},
    "list_item": {"runs", "ordered", "depth", "start"},
    "table": {"rows", "caption", "header"},
    "quote": {"runs"},
    "image": {"src", "alt", "caption"},
    "footnote": {"runs"},
}


def from_data(data: object) -> Text:
    """The text that JSON data (already parsed) describes, with its runs tidied.

    Raises TextInvalid with all faults found, each with code and path.
    """
    reader = _Reader()
    text = reader.text(data)
    if reader.problems:
        raise TextInvalid(tuple(reader.problems))
    return text


def check(text: Text) -> Text:
    """The same text, tidied, if it keeps all rules and limits. Raises TextInvalid if not.

    For texts that came from elsewhere than `from_data`: HTML may hold an image without alternative
    text, or simply be too long.
    """
    return from_data(to_data(text))


class _Reader:
    """Reads data and gathers what is wrong with it; gives harmless stand-ins where something is."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fault(self, code: str, path: str, detail: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(code, path, detail))

    def text(self, data: object) -> Text:
        if not isinstance(data, list):
            self.fault("not_a_list", "", "A text is a list of blocks.")
            return ()
        if len(data) > MAX_BLOCKS:
            self.fault("too_many_blocks", "", f"A text has at most {MAX_BLOCKS} blocks; this has {len(data)}.")
            return ()
        text = tuple(block for n, entry in enumerate(data) for block in self.block(entry, f"[{n}]"))
        if not self.problems:
            self.whole(text)
        return text

    def whole(self, text: Text) -> None:
        """The rules between blocks."""
        seen: set[str] = set()
        notes = {block.id for block in text if isinstance(block, Footnote)}
        deepest = -1
        for n, block in enumerate(text):
            if block.id in seen:
                self.fault("id_repeated", f"[{n}].id", f"The id {block.id} is used twice.")
            seen.add(block.id)
            depth = block.depth if isinstance(block, ListItem) else -1
            if depth > deepest + 1:
                self.fault("depth_jump", f"[{n}].depth", "An item is at most one level deeper than the one before.")
            deepest = depth
            for note in {run.marks.note for runs in slots(block) for run in runs} - notes - {""}:
                self.fault("note_unknown", f"[{n}]", f"There is no footnote {note}.")
        size = len(canonical_bytes(to_data(text)))
        if size > MAX_BYTES:
            self.fault("too_long", "", f"A text has at most {MAX_BYTES} bytes; this has {size}.")

    def block(self, entry: object, path: str) -> Iterator[Block]:
        if not isinstance(entry, Mapping):
            self.fault("not_an_object", path, "A block is an object.")
            return
        kind = entry.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            self.fault("kind_unknown", f"{path}.kind", f"A block is one of {', '.join(KINDS)}.")
            return
        self.keys(entry, {"id", "kind", "lang"} | _KEYS[kind], path)
        frame = {"id": self.id(entry, path), "lang": self.lang(entry.get("lang"), f"{path}.lang")}
        match kind:
            case "heading":
                level = self.number(entry, "level", path, 2, 4)
                yield Heading(**frame, level=level, runs=self.runs(entry, "runs", path, needed=True))
            case "list_item":
                yield self.item(entry, path, frame)
            case "table":
                yield self.table(entry, path, frame)
            case "image":
                yield self.image(entry, path, frame)
            case "quote":
                yield Quote(**frame, runs=self.runs(entry, "runs", path, needed=True))
            case "footnote":
                yield Footnote(**frame, runs=self.runs(entry, "runs", path, needed=True))
            case _:
                yield Paragraph(**frame, runs=self.runs(entry, "runs", path, needed=True))

    def item(self, entry: Mapping[str, object], path: str, frame: dict[str, str]) -> ListItem:
        ordered = self.flag(entry, "ordered", path, default=False)
        start = self.number(entry, "start", path, 0, 9_999, default=0)
        if start and not ordered:
            self.fault("start_unordered", f"{path}.start", "Only an item of a numbered list has a start.")
        depth = self.number(entry, "depth", path, 0, MAX_LIST_DEPTH, default=0)
        runs = self.runs(entry, "runs", path, needed=True)
        return ListItem(**frame, runs=runs, ordered=ordered, depth=depth, start=start)

    def table(self, entry: Mapping[str, object], path: str, frame: dict[str, str]) -> Table:
        caption = self.runs(entry, "caption", path, needed=False)
        header = self.flag(entry, "header", path, default=True)
        before = len(self.problems)
        rows = self.listed(entry.get("rows"), f"{path}.rows", MAX_TABLE_ROWS, "rows")
        grid = []
        for n, row in enumerate(rows):
            place = f"{path}.rows[{n}]"
            cells = self.listed(row, place, MAX_TABLE_COLUMNS, "cells")
            if not cells:
                self.fault("empty", place, "A row has at least one cell.")
            grid.append(tuple(self.run_list(cell, f"{place}[{m}]") for m, cell in enumerate(cells)))
        if not any(cell for row in grid for cell in row) and len(self.problems) == before:
            self.fault("empty", f"{path}.rows", "A table has words in it.")
        return Table(**frame, caption=caption, header=header, rows=tuple(grid))

    def image(self, entry: Mapping[str, object], path: str, frame: dict[str, str]) -> Image:
        src, alt = entry.get("src"), entry.get("alt")
        if not isinstance(src, str) or not safe_src(src):
            self.fault("src_refused", f"{path}.src", "An image is at an https address or a path on this site.")
        alt = squeeze(alt) if isinstance(alt, str) else ""
        if not alt:
            self.fault("alt_missing", f"{path}.alt", "An image needs words for those who cannot see it.")
        if len(alt) > MAX_ALT:
            self.fault("alt_long", f"{path}.alt", f"At most {MAX_ALT} characters.")
        caption = self.runs(entry, "caption", path, needed=False)
        return Image(**frame, src=safe_src(src) if isinstance(src, str) else "", alt=alt, caption=caption)

    def runs(self, entry: Mapping[str, object], key: str, path: str, *, needed: bool) -> Runs:
        before = len(self.problems)
        runs = self.run_list(entry.get(key, []), f"{path}.{key}")
        if needed and not runs and len(self.problems) == before:
            self.fault("empty", f"{path}.{key}", "This block has no words.")
        return runs

    def run_list(self, data: object, path: str) -> Runs:
        entries = self.listed(data, path, MAX_RUNS, "runs")
        return tidy(self.run(entry, f"{path}[{n}]") for n, entry in enumerate(entries))

    def run(self, entry: object, path: str) -> Run:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("text"), str):
            self.fault("not_a_run", path, "A run is an object with a text.")
            return Run("")
        self.keys(entry, {"text", "marks"}, path)
        marks = entry.get("marks", {})
        if not isinstance(marks, Mapping):
            self.fault("not_an_object", f"{path}.marks", "Marks are an object.")
            return Run(entry["text"])
        return Run(entry["text"], self.marks(marks, f"{path}.marks"))

    def marks(self, data: Mapping[str, object], path: str) -> Marks:
        self.keys(data, _MARKS, path)
        link = self.checked(data, "link", path, safe_href, "link_refused", "A link is http, https or mailto.")
        note = self.checked(data, "note", path, _whole_id, "id_form", "A note is the id of a footnote.")
        if link and note:
            self.fault("link_on_note", path, "A reference to a footnote is not also a link.")
        return Marks(
            strong=self.flag(data, "strong", path, default=False),
            emphasis=self.flag(data, "emphasis", path, default=False),
            link=link,
            lang=self.lang(data["lang"], f"{path}.lang") if "lang" in data else "",
            note=note,
        )

    def checked(
        self,
        data: Mapping[str, object],
        key: str,
        path: str,
        rule: Callable[[str], str],
        code: str,
        detail: str,
    ) -> str:
        """The value of a key after its rule; a fault where the rule gives nothing."""
        if key not in data:
            return ""
        value = data[key]
        kept = rule(value) if isinstance(value, str) else ""
        if not kept:
            self.fault(code, f"{path}.{key}", detail)
        return kept

    def keys(self, data: Mapping[str, object], known: set[str], path: str) -> None:
        for key in data:
            if key not in known:
                self.fault("key_unknown", path, f"There is no key {str(key)[:40]!r} here.")

    def id(self, entry: Mapping[str, object], path: str) -> str:
        return self.checked({"id": ""} | dict(entry), "id", path, _whole_id, "id_form", "An id is a short slug.")

    def lang(self, value: object, path: str) -> str:
        if not isinstance(value, str) or not value or short_lang(value) != value:
            self.fault("lang_form", path, "A language is a short tag such as en, pt-BR or sr-Latn.")
            return "en"
        return value

    def flag(self, data: Mapping[str, object], key: str, path: str, *, default: bool) -> bool:
        value = data.get(key, default)
        if not isinstance(value, bool):
            self.fault("not_a_flag", f"{path}.{key}", "This is true or false.")
            return default
        return value

    def number(
        self, data: Mapping[str, object], key: str, path: str, low: int, high: int, *, default: int | None = None
    ) -> int:
        value = data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fault("not_in_range", f"{path}.{key}", f"This is a whole number from {low} to {high}.")
            return low
        return value

    def listed(self, data: object, path: str, most: int, noun: str) -> list[object]:
        if not isinstance(data, list):
            self.fault("not_a_list", path, f"This is a list of {noun}.")
            return []
        if len(data) > most:
            self.fault(f"too_many_{noun}", path, f"At most {most} {noun}.")
            return []
        return data


def _whole_id(value: str) -> str:
    return value if ID.fullmatch(value) else ""
