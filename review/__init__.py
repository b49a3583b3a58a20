"""The editors' desk: a web app over storage and reports."""
