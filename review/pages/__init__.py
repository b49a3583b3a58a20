"""The pages: one module each, its view model and what answers it; listed in review.registry."""
