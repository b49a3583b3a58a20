"""Speed, scale and quality, each against a named peer, in one run."""
