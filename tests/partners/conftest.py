import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def forgotten_limits():
    """allauth counts sign-ins and sign-ups by address of the client in the cache, and every test has the same one."""
    cache.clear()
