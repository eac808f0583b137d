"""The register: policy areas with their sources, and the pages of the building blocks."""
