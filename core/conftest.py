"""Leave out the doctests of integrations whose tool is not installed."""

from importlib.util import find_spec

TOOLS = {"sklearn": "sklearn"}

collect_ignore = [
    f"lunheng/integrations/{module}.py" for module, tool in TOOLS.items() if find_spec(tool) is None
]
