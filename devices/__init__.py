"""The edge towards monitors and scales: bytes in, samples out."""
