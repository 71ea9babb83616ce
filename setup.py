"""List the native modules; everything else is in pyproject.toml."""

from pathlib import Path

import numpy
from Cython.Build import cythonize
from setuptools import Extension, setup

NATIVE = Path("core/lunheng/native")

extensions = [
    Extension(
        f"lunheng.native.{source.stem}",
        [str(source)],
        include_dirs=[numpy.get_include()],
        define_macros=[("NPY_NO_DEPRECATED_API", "NPY_1_7_API_VERSION")],
    )
    for source in sorted(NATIVE.glob("*.pyx"))
]

setup(
    ext_modules=cythonize(extensions, build_dir="build/cython", include_path=["core"]),
    options={"build_ext": {"parallel": True}},
)
