"""What a person sees and does; Qt lives here and nowhere else."""

import builtins

#: Whoever imported PySide before this has its import already; what it put that in place of is kept beside it.
_import = getattr(builtins, "__orig_import__", builtins.__import__)
from PySide6 import QtCore  # noqa: E402, F401

# PySide puts an import of its own in place of Python's, which reads the source of every module that comes after it, keeps it, and
# looks there for features that it can switch on. None is used here, and it is an eighth of the whole start.
builtins.__import__ = _import
