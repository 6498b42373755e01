"""Container trains are as long as published, and one of a shipper's own is what fills them."""

import pytest

import transcaspian as tc

CARS = {"block-train-cn": (55, 55), "block-train-1520": (61, 62)}
"""Forty-foot boxes of a train: in China since January 2023 (newsilkroaddiscovery.com), in Kazakhstan, where three trains
of 41 become two (npktrans.ru, 2017)."""


@pytest.mark.parametrize("kind", CARS)
def test_a_train_of_ones_own_is_what_fills_a_train_of_published_length(kind: str) -> None:
    corridor = tc.load()
    least, most = CARS[kind]
    cars = corridor.vehicle_types[kind].wagons
    assert cars is not None and least <= cars <= most
    trains = {
        service.id for service in corridor.services.rows if service.fleet and _kind(corridor, service.fleet) == kind
    }
    sold = [
        row for row in corridor.departures.rows if row.service in trains and row.train_units and row.train_units > 40
    ]
    assert sold
    for row in sold:  # 40 is sold where the train is that of the Caucasus or of a city
        assert row.train_units == pytest.approx(0.9 * cars, abs=0.5), row.service
        assert row.fill in (0.9, None), row.service


def _kind(corridor: tc.Corridor, fleet: str) -> str:
    return corridor.fleets[fleet].vehicle_type
