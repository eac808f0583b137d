"""The public library: it reads published rows and nothing else. `recommendations.publishing` writes them."""
