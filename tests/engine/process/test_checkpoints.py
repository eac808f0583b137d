"""The hash tree over the heads of chains."""

from hypothesis import given
from hypothesis import strategies as st

from engine.process.checkpoints import EMPTY, Tree, climbed, leaf_of, proof


def leaves(count: int) -> list[str]:
    return [leaf_of(run, run * 3, f"{run:064x}") for run in range(count)]


def root_of(hashes: list[str]) -> str:
    tree = Tree()
    for leaf in hashes:
        tree.add(leaf)
    return tree.root


@given(st.integers(1, 70), st.data())
def test_every_leaf_leads_to_the_root_and_no_other_does(count, data):
    every = leaves(count)
    place = data.draw(st.integers(0, count - 1))
    path = proof(every, place)
    assert climbed(every[place], path) == root_of(every)
    assert climbed(leaf_of(1000, 1, "0" * 64), path) != root_of(every)
    assert len(path) <= count.bit_length()


@given(st.integers(1, 40), st.integers(0, 39))
def test_a_leaf_less_or_another_order_is_another_root(count, place):
    every = leaves(count)
    assert root_of(every[:-1]) != root_of(every)
    if place < count - 1:
        swapped = [*every]
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        assert root_of(swapped) != root_of(every)


def test_no_leaves_have_a_root_too():
    assert Tree().root == EMPTY


def test_the_tree_keeps_little():
    tree = Tree()
    for leaf in leaves(1000):
        tree.add(leaf)
    assert tree.size == 1000
    assert len(tree._stack) <= 10
