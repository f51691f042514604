"""Columns that several tables share."""

from typing import Any

from psycopg.rows import DictRow

from registry_service.domain.address import Address


def address_columns(address: Address) -> dict[str, Any]:
    """An address as its columns."""
    return {
        "address": address.text,
        "address_normalised": address.normalised,
        "county_unit_id": address.county,
        "address_unit_id": address.unit,
        "standard_code": address.standard_code,
        "latitude": address.latitude,
        "longitude": address.longitude,
    }


def read_address(row: DictRow) -> Address:
    """The address in a row."""
    return Address(
        text=row["address"],
        normalised=row["address_normalised"],
        county=row["county_unit_id"],
        unit=row["address_unit_id"],
        standard_code=row["standard_code"],
        latitude=row["latitude"],
        longitude=row["longitude"],
    )
