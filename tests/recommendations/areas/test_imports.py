"""Public reads of the register load no code that writes: neither drafting, nor publishing, nor the engine."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOADED = """
import importlib, os, sys
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "ekip.settings"
django.setup()
for name in sys.argv[1:]:
    importlib.import_module(name)
writing = ("recommendations.drafting", "recommendations.publishing", "engine.services")
print([name for name in sys.modules if name.startswith(writing)])
"""


@pytest.mark.parametrize("module", ["recommendations.areas.selectors", "recommendations.areas.block_selectors"])
def test_public_selectors_load_no_code_that_writes(module):
    command = [sys.executable, "-c", LOADED, module]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=ROOT)
    assert answer.stdout.strip() == "[]"
