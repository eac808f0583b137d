import ast
import sys
from pathlib import Path

import recommendations.text

PACKAGE = Path(recommendations.text.__file__).parent


def test_the_package_needs_the_standard_library_and_nh3_only():
    allowed = sys.stdlib_module_names | {"nh3"}
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names.append(node.module or "")
            for name in names:
                assert name.split(".")[0] in allowed or name.startswith("recommendations.text"), (path.name, name)
