"""Programs and libraries for people and partners: they speak only to the services' contracts."""
