"""This module owns work on a Dask cluster: one thing that all of it needs is sent once, the rest are numbers."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from transcaspian.errors import Problem, RequestError

S = TypeVar("S")
R = TypeVar("R")


def on_cluster(address: str, shared: S, work: Callable[[S, int], R], numbers: Sequence[int]) -> Iterator[tuple[int, R]]:
    """Give what ``work`` makes of something shared and each number, as it is finished on a cluster.

    Raises
    ------
    RequestError
        If nothing answers at the address, or the package that asks it is not there.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        right = "the package `distributed` in this environment: pip install transcaspian[cluster]"
        raise RequestError([Problem("request", "", "cluster", address, right)]) from None
    try:
        client = Client(address)
    except (OSError, ValueError) as error:
        right = f"the address of a Dask scheduler that answers, such as tcp://HOST:8786 ({error})"
        raise RequestError([Problem("request", "", "cluster", address, right)]) from None
    with client:
        sent = client.scatter(shared, broadcast=True)
        futures = {client.submit(work, sent, number, pure=False): number for number in numbers}
        for future in as_completed(futures):
            yield futures[future], future.result()
