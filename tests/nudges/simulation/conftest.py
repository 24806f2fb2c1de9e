"""What simulations share: a log that nobody reads, since it has a line for each thing that anybody does."""

import logging

import pytest
import structlog


@pytest.fixture(autouse=True)
def silent() -> None:
    """Write nothing down but what nobody can go on after; how it was before comes back by itself."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
