"""ByzFL's own code, for what compares byzsim with it."""

import importlib
import os
import sys
import types


def load_byzfl():
    """The module `byzfl` with its aggregators, pre-aggregators and attacks. Raises ImportError.

    ByzFL is looked for in the folder $BYZSIM_BYZFL too (`pip install --no-deps --target FOLDER
    byzfl`). Its data sets and models are left out: they need torchvision, and what is compared does
    not.
    """
    folder = os.environ.get("BYZSIM_BYZFL")
    path = [folder] if folder else sys.path
    home = next((os.path.join(each, "byzfl") for each in path
                 if os.path.isfile(os.path.join(each, "byzfl", "__init__.py"))), None)
    if home is None:
        raise ImportError("ByzFL is missing: BYZSIM_BYZFL names no folder with it")
    # The package without what its __init__.py imports.
    package = types.ModuleType("byzfl")
    package.__path__ = [home]
    sys.modules["byzfl"] = package
    for part in ("byzfl.aggregators", "byzfl.attacks"):
        public = vars(importlib.import_module(part)).items()
        vars(package).update({name: value for name, value in public if isinstance(value, type)})
    return package
