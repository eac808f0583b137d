"""The architecture, kept by machines: the slope, names in templates, capabilities instead of stages, one clock."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
APPS = ("ekip", "engine", "recommendations", "partners")
LINT = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
NOT_CODE = shutil.ignore_patterns("__pycache__", "locale", "data")


def modules(*folders: str) -> Iterator[Path]:
    """Every Python file of our own in the folders, without migrations."""
    for folder in folders:
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def name(path: Path) -> str:
    """A path as a reader of a failure wants it."""
    return path.relative_to(ROOT).as_posix()


# --- imports --------------------------------------------------------------------------------------------------------


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the import contracts of the tree in `folder`."""
    environment = {**os.environ, "COLUMNS": "200"}  # one contract on a line
    return subprocess.run(LINT, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def test_imports_run_one_way():
    checked = lint(ROOT)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("partners/selectors/__init__.py", "import recommendations.models", "Imports run one way"),
        ("recommendations/permissions.py", "import engine.models", "Imports run one way"),
        ("engine/process/facts.py", "import django", "The process rules are pure Python"),
        ("recommendations/library/views.py", "import recommendations.models.drafting", "The library and its API"),
        ("recommendations/drafting/selectors.py", "import recommendations.models.library", "Drafting never touches"),
        ("engine/services/points.py", "import engine.tasks", "Within the engine"),
    ],
)
def test_an_import_against_the_slope_is_seen(module, line, contract, tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for app in APPS:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=NOT_CODE)
    planted = tmp_path / module
    planted.write_text(f"{planted.read_text()}\n{line}\n")
    checked = lint(tmp_path)
    assert checked.returncode == 1
    broken = re.findall(r"^(.*) BROKEN$", checked.stdout, re.MULTILINE)
    assert any(each.startswith(contract) for each in broken), checked.stdout


# --- templates ------------------------------------------------------------------------------------------------------

# Folders of templates from the lowest app to the highest. The frame (base, components, errors, form fields) is wiring:
# it may name everything, and everybody may name it.
FOLDERS = {
    "partners": {"partners", "account", "mfa", "usersessions", "allauth"},
    "recommendations": {"recommendations"},
    "engine": {"engine"},
    "ekip": {"pages", "demo"},
}
NAMESPACES = {
    "partners": {"partners"},
    "recommendations": {"library", "areas", "blocks", "api"},
    "engine": {"engine"},
    "ekip": {"pages", "demo"},
}
ORDER = list(FOLDERS)
URL = re.compile(r"{%\s*url\s+[\"']([\w-]+):")
TEMPLATE = re.compile(r"{%\s*(?:include|extends)\s+[\"']([\w-]+)/")


@pytest.mark.parametrize("app", ORDER[:-1])
def test_no_template_names_an_address_or_a_template_of_an_upper_app(app):
    above = ORDER[ORDER.index(app) + 1 :]
    urls = {namespace for upper in above for namespace in NAMESPACES[upper]}
    folders = {folder for upper in above for folder in FOLDERS[upper]}
    faults = []
    for folder in FOLDERS[app]:
        for path in (ROOT / "templates" / folder).rglob("*.*"):
            text = path.read_text()
            faults += [f"{name(path)}: {each}" for each in URL.findall(text) if each in urls]
            faults += [f"{name(path)}: {each}" for each in TEMPLATE.findall(text) if each in folders]
    assert faults == []


@pytest.mark.parametrize("app", ORDER[:-1])
def test_no_code_names_an_address_or_a_template_of_an_upper_app(app):
    above = ORDER[ORDER.index(app) + 1 :]
    prefixes = tuple(f"{each}:" for upper in above for each in NAMESPACES[upper])
    prefixes += tuple(f"{each}/" for upper in above for each in FOLDERS[upper])
    found = [f"{name(path)}: {words}" for path in modules(app) for words in strings(path) if words.startswith(prefixes)]
    assert found == []


def test_every_folder_of_templates_has_a_place():
    frame = {"base.html", "components", "errors", "django"}
    known = frame.union(*FOLDERS.values())
    assert {path.name for path in (ROOT / "templates").iterdir()} <= known


# --- stages ---------------------------------------------------------------------------------------------------------


def strings(path: Path) -> list[str]:
    """Every string in a module that is no docstring."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings)
    return [node.value for node in nodes if isinstance(node.value, str)]


def stage_keys() -> set[str]:
    """The keys of the shipped processes."""
    shipped = [yaml.safe_load(path.read_text()) for path in (ROOT / "engine" / "definitions").glob("*.yaml")]
    assert shipped, "the test sees no definition"
    return {stage["key"] for process in shipped for stage in process["stages"]}


# Names of relations, fields and kinds, too: a string alone does not tell a stage from them. Comparisons do, see below.
WORDS_OF_THE_MODEL = {
    "board",
    "consultation",
    "revision",
    "decision",
    "publication",
    "correction",
    "superseded",
    "withdrawn",
    "closed",
}
CODE = (*APPS[1:], "ekip/pages", "ekip/shared")


def test_code_asks_for_a_capability_and_never_for_a_stage():
    keys = stage_keys() - WORDS_OF_THE_MODEL
    assert keys >= {"investigation", "drafting", "community-review", "city-prototyping", "follow-up"}
    asked = [f"{name(path)}: {words}" for path in modules(*CODE) for words in strings(path) if words in keys]
    assert asked == []


def test_nothing_is_compared_with_a_stage():
    """`visit.stage == "revision"`, `filter(stage="decision")`, `stage.key in (…)` and their like."""
    compared = re.compile(r"\bstage(?:_key|\.key|__\w+)?\s*(?:==|!=|=|in|not in)\s*[\[({]?\s*[\"'][\w-]")
    modules_ = {path: path.read_text() for path in modules(*CODE)}
    templates = {path: path.read_text() for path in (ROOT / "templates").rglob("*.html")}
    found = [f"{name(path)}: {hit}" for path, text in (modules_ | templates).items() for hit in compared.findall(text)]
    assert found == []


def test_no_case_is_the_key_of_a_stage():
    """`match stage.key: case "revision"` asks for a stage as well; `match stage.kind` does not."""
    keys = stage_keys()
    found = [
        f"{name(path)}: {ast.unparse(node.subject)}"
        for path in modules(*CODE)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Match) and re.search(r"\bstage(_key|\.key)?$", ast.unparse(node.subject))
        if {each.value for case in node.cases for each in ast.walk(case.pattern) if isinstance(each, ast.Constant)}
        & keys
    ]
    assert found == []


STATE = {"Run", "Visit", "Timer", "Round", "Assignment", "Review", "Point", "Disposition", "Decision", "Event"}
WRITES = {"create", "bulk_create", "update", "bulk_update", "update_or_create", "get_or_create", "delete"}


def test_only_services_write_where_a_run_stands():
    """Calls like `Visit.objects.filter(…).update(…)`, anywhere but in the engine's services."""
    writers = {
        name(path)
        for path in modules(*APPS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        if {each.id for each in ast.walk(node.func) if isinstance(each, ast.Name)} & STATE
    }
    assert writers, "the test sees no writer at all"
    assert [each for each in sorted(writers) if not each.startswith("engine/services/")] == []


def writes_position(node: ast.AST) -> bool:
    """Whether it makes a visit, leaves one, or opens a capability."""
    match node:
        case ast.Call(func=ast.Name(id="Visit" | "Opening")):
            return True
        case ast.Call(func=ast.Attribute(attr="set_openings", value=ast.Name(id="access"))):
            return True
        case ast.Call(func=ast.Attribute(attr=verb) as called) if verb in WRITES:
            return bool({each.id for each in ast.walk(called) if isinstance(each, ast.Name)} & {"Visit", "Opening"})
        case ast.Attribute(attr="left_at" | "left_by" | "entered_at", ctx=ast.Store()):
            return True
    return False


def test_the_transition_alone_writes_visits_and_openings():
    """`record` writes what a transition decided; `access` holds the openings that it pushes down."""
    writers = {
        name(path) for path in modules(*APPS) for node in ast.walk(ast.parse(path.read_text())) if writes_position(node)
    }
    assert writers == {"engine/services/record.py", "recommendations/access.py"}


# --- the clock ------------------------------------------------------------------------------------------------------

WALL_CLOCK = {
    ("timezone", "now"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("functions", "Now"),
}


def test_one_module_reads_the_clock():
    """`ekip.local` supervises processes and runs without Django: it has clocks of its own."""
    readers = {
        name(path)
        for path in modules(*APPS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if (node.value.id, node.attr) in WALL_CLOCK
    }
    assert {each for each in readers if not each.startswith("ekip/local/")} == {"ekip/shared/clock.py"}


def test_nothing_reads_the_clock_unnamed():
    """`auto_now`, `localdate()` and their like read it behind the back of `now`."""
    behind = re.compile(r"\bauto_now|default=timezone\.now|\blocal(?:date|time)\(\)")
    found = [name(path) for path in modules(*APPS) if behind.search(path.read_text())]
    assert found == []


def test_services_and_rules_are_told_the_time():
    """Only pages, tasks, commands and the admin site ask `clock.now()`."""
    inner = ("services", "process", "selectors", "models", "permissions", "publishing", "drafting", "text", "library")
    asking = [
        name(path)
        for path in modules(*APPS[1:])
        if set(inner) & set(path.relative_to(ROOT).with_suffix("").parts) and "commands" not in path.parts
        if "clock.now()" in path.read_text()
    ]
    assert asking == []
