"""The doctor looks at stages that run: `make`, in a copy of the repository."""

from tests.run.conftest import make, make_for_module, small_tree, tree

__all__ = ["make", "make_for_module", "small_tree", "tree"]
