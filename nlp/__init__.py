"""The ground floor: pure functions over text, and the types that travel upwards.

Nothing here opens a database, starts a process or imports another room of the project.
"""
