"""The native core: Cython over NumPy and libc; every table is handed in."""
