"""When a service that died is started again."""

from ekip.local.service import LONGEST_DELAY, SHORTEST_DELAY, restart_delay


def test_the_first_death_costs_next_to_nothing():
    assert restart_delay([100.0], now=100.0) == SHORTEST_DELAY


def test_each_further_death_doubles_the_wait():
    assert restart_delay([98.0, 99.0, 100.0], now=100.0) == SHORTEST_DELAY * 4


def test_the_wait_never_exceeds_its_limit():
    assert restart_delay([float(second) for second in range(50)], now=50.0) == LONGEST_DELAY


def test_a_calm_minute_forgives():
    assert restart_delay([1.0, 2.0, 3.0, 100.0], now=100.0) == SHORTEST_DELAY
