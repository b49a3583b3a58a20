"""An inbox of original drafts to try the pipeline on, and the script that builds it."""
