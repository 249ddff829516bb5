"""GE (Critikon) DINAMAP Compact, Pro, ProCare and CARESCAPE V100: host communications."""
