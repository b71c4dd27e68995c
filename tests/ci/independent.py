#!/usr/bin/env python3
"""The reports of `nurture check` in the hands of others: SARIF against its schema and in Microsoft's multitool,
JUnit in junitparser."""

import argparse
import json
import pathlib
import re
import sys
import tempfile

import programmes
import readers

# What it finds wanting: nurture has no home page. It is silent about a file that it cannot read, so this is wanted too.
KNOWN = {"SARIF2005"}


def report(binary, folder, form):
    path = folder / f"report.{form}"
    path.write_text(readers.run([binary, "check", ".", "--format", form], folder).stdout, encoding="utf-8")
    return path


def multitool(folder, *arguments):
    # Its library has no use for the locale data of the machine.
    return readers.run([readers.MULTITOOL, *arguments], folder, env={"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})


def reread(path):
    """The document as the multitool writes it after reading it; nothing if it cannot read it."""
    out = path.with_name("reread.sarif")
    out.unlink(missing_ok=True)
    multitool(path.parent, "rewrite", path, "-o", out)
    return json.loads(out.read_text(encoding="utf-8-sig")) if out.exists() else None


def results(document):
    return [(row["ruleId"], row.get("level", "warning"), row["message"]["text"],
             row["locations"][0]["physicalLocation"]["region"]["startLine"]) for row in document["runs"][0]["results"]]


def check_sarif(binary, folder):
    if not readers.MULTITOOL.exists():
        readers.skip("sarif-multitool")
    try:
        import jsonschema
    except ImportError:
        readers.skip("jsonschema")
    schema = json.loads(readers.SARIF_SCHEMA.read_text(encoding="utf-8-sig"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    path = report(binary, folder, "sarif")
    document = json.loads(path.read_text(encoding="utf-8"))
    faults = [f"the schema: {list(each.path)}: {each.message}" for each in validator.iter_errors(document)]
    said = multitool(folder, "validate", path).stdout
    if set(re.findall(r"(?:error|warning|note) (SARIF[0-9]+|JSON[0-9]+)", said)) != KNOWN:
        faults.append(f"the multitool: {said}")
    again = reread(path)
    if again is None or results(again) != results(document):
        faults.append("the multitool reads other results than there are")
    return faults + check_refusal(document, validator, folder)


def check_refusal(document, validator, folder):
    """That they refuse what is wrong, or their consent is worth nothing."""
    document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = "one"
    path = folder / "wrong.sarif"
    path.write_text(json.dumps(document), encoding="utf-8")
    faults = [] if list(validator.iter_errors(document)) else ["the schema takes a line that is no number"]
    return faults + (["the multitool takes a line that is no number"] if reread(path) else [])


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
