"""A growing list of places that C fills and NumPy takes over."""

from typing import final

@final
class PlacesMemory: ...
