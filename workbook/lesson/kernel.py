"""Run a notebook from top to bottom with this Python, whatever kernels are installed."""

import subprocess
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager
from traitlets import default

CELL_LIMIT = 150  # seconds; lesson 05 waits for real limits, also on a busy machine


class ThisPython(AsyncKernelManager):
    """Starts kernels of the Python that runs this."""

    @default("kernel_spec_manager")
    def _this_python(self):
        return NbvalKernelspecManager()


def execute(path: Path) -> nbformat.NotebookNode:
    """Run the notebook in its folder; return it with the new outputs.

    The file is not touched. Raises nbclient's CellExecutionError at the first
    cell that fails. The kernel has ended then, and with it what it started.
    """
    notebook = nbformat.read(path, as_version=4)
    metadata = notebook.metadata.copy()
    client = NotebookClient(
        notebook,
        # The class and not a manager of our own: that one would stay when we are done.
        kernel_manager_class=ThisPython,
        kernel_name=CURRENT_ENV_KERNEL_NAME,
        timeout=CELL_LIMIT,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute(stderr=subprocess.DEVNULL)  # a warning about the transport
    notebook.metadata = metadata  # not the versions of this machine's Python
    return notebook
