#!/usr/bin/env python3
"""The reports of `nurture check` in the hands of others: SARIF in Microsoft's multitool, JUnit in junitparser."""

import argparse
import pathlib
import re
import sys
import tempfile

import programmes
import readers

# A home page is all that it misses: nurture has none.
KNOWN = {"SARIF2005"}


def report(binary, folder, form):
    path = folder / f"report.{form}"
    path.write_text(readers.run([binary, "check", ".", "--format", form], folder).stdout, encoding="utf-8")
    return path


def check_sarif(binary, folder):
    if not readers.MULTITOOL.exists():
        readers.skip("sarif-multitool")
    path = report(binary, folder, "sarif")
    # Its library has no use for the locale data of the machine.
    env = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = readers.run([readers.MULTITOOL, "validate", path], folder, env=env)
    said = re.findall(r"(?:error|warning) (SARIF[0-9]+|JSON[0-9]+).*", done.stdout)
    faults = [line for line in done.stdout.splitlines() if re.search(r"\b(error|warning)\b", line)]
    if done.returncode == 0 and set(said) <= KNOWN and "completed successfully" in done.stdout:
        return []
    return faults or [done.stdout + done.stderr]


def check_junit(binary, folder):
    try:
        import junitparser
    except ImportError:
        readers.skip("junitparser")
    xml = junitparser.JUnitXml.fromfile(str(report(binary, folder, "junit")))
    cases = [case for suite in xml for case in suite]
    failed = [case for case in cases if any(isinstance(each, junitparser.Failure) for each in case.result)]
    faults = []
    if (xml.tests, xml.failures) != (len(cases), len(failed)):
        faults.append(f"{xml.tests} tests and {xml.failures} failures, and {len(cases)} and {len(failed)} are there")
    if not failed or not all(case.name and case.classname for case in cases):
        faults.append("a testcase without a name, or none that failed")
    return faults


def main():
    readers.use_installed()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", choices=["sarif", "junit"])
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        programmes.write(folder)
        faults = {"sarif": check_sarif, "junit": check_junit}[args.reader](args.nurture.resolve(), folder)
    print("\n".join(faults))
    print(f"{args.reader}: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
