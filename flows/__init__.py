"""Prefect flows, thin as a table of contents, and the plain steps that they compose."""
