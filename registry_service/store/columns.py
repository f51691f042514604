"""Columns that several tables share."""

from typing import Any

from psycopg.rows import DictRow

from registry_service.domain.address import Address
from registry_service.domain.premises import Building, Site


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


def site_columns(site: Site) -> dict[str, Any]:
    """A place as its columns."""
    return {
        "title": site.title,
        **address_columns(site.address),
        "scope": site.scope,
        "use": site.use,
        "tenancy_end_date": site.tenancy_end_date,
        "building": site.building,
    }


def read_site(row: DictRow) -> Site:
    """The place in a row."""
    return Site(
        title=row["title"],
        address=read_address(row),
        scope=row["scope"],
        use=row["use"],
        tenancy_end_date=row["tenancy_end_date"],
        building=Building(row["building"]),
    )
