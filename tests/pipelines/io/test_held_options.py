"""Options with passwords in a pipeline: pickled, they are only a name."""

import pickle

import pytest
from apache_beam.internal import pickler

from pipelines.io.held_options import HeldOptions, hold
from schemas.errors import Permanent


def test_neither_a_pickle_nor_the_repr_has_the_values() -> None:
    held = hold("kafka", {"sasl_plain_password": "hush"})
    assert (held["sasl_plain_password"], dict(held), len(held)) == ("hush", {"sasl_plain_password": "hush"}, 1)
    assert b"hush" not in pickle.dumps(held)
    assert "hush" not in repr(held)
    assert dict(pickler.loads(pickler.dumps(held))) == dict(held)


def test_another_process_holds_its_own() -> None:
    held = hold("kafka", {"user": "first"})
    hold("kafka", {"user": "second"})
    assert dict(held) == {"user": "second"}


def test_options_that_nobody_holds_are_an_error() -> None:
    with pytest.raises(Permanent, match="has no options of the name 'nobody'"):
        dict(HeldOptions("nobody"))
