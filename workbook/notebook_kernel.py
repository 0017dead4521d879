"""Run a notebook from top to bottom with this Python, whatever kernels are installed."""

import subprocess
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

CELL_LIMIT = 150  # seconds


def execute(path: Path) -> nbformat.NotebookNode:
    """Run the notebook in its folder; return it with the new outputs.

    The file is not touched. Raises nbclient's CellExecutionError at the first
    cell that fails.
    """
    notebook = nbformat.read(path, as_version=4)
    metadata = notebook.metadata.copy()
    kernel = AsyncKernelManager(
        kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager()
    )
    client = NotebookClient(
        notebook,
        km=kernel,
        timeout=CELL_LIMIT,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute(stderr=subprocess.DEVNULL)  # a warning about the transport
    notebook.metadata = metadata  # not the versions of this machine's Python
    return notebook
