"""Word files (and their neighbours) to text: guard, read, convert.

Everything that touches an unvetted file runs in a child process with limits; see ``word.pool``.
"""
