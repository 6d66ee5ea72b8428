"""ByzFL's own code, for what compares byzsim with it."""

import importlib
import os
import sys
import types


def load_byzfl():
    """A module with ByzFL's aggregators, pre-aggregators and attacks. Raises ImportError.

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
    found = types.ModuleType("byzfl, its functions of vectors")
    for part in ("byzfl.aggregators", "byzfl.attacks"):
        vars(found).update({name: value for name, value in vars(importlib.import_module(part)).items()
                            if isinstance(value, type)})
    return found
