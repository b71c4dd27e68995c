"""What the tests of ci use of others: installed by `./dev readers`, and skipped with a word where it is not."""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PYTHON = ROOT / "build/readers/bin/python"
MULTITOOL = HERE / "node_modules/.bin/sarif-multitool"
SARIF_SCHEMA = HERE / "node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json"
SKIPPED = 77  # as CMakeLists.txt tells ctest


def use_installed():
    """Goes on in the Python that has the readers, if there is one."""
    if PYTHON.exists() and pathlib.Path(sys.prefix) != PYTHON.parent.parent:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])


def skip(what):
    print(f"skipped: {what} is not installed; `./dev readers` installs it")
    sys.exit(SKIPPED)


def run(command, folder, **more):
    env = dict(os.environ, NO_COLOR="1", LC_ALL="C.UTF-8", **more.pop("env", {}))
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600, **more)
