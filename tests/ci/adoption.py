#!/usr/bin/env python3
"""The files in ci/ and .pre-commit-hooks.yaml do what docs/ci.md says, as far as that can be seen without a network.

They are read as YAML; their shell commands are run as written, by the rules of the server that would run them, on a
repository with a campaign that is sound, one with a warning and one with an error: with nurture at hand, and where it has
to be built first (by a stand-in for ./dev that has it ready). The examples of the page are read as well, and name only what
there is. Hooks are run by pre-commit itself.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import readers
from readers import ROOT

SOUND = "use std.b2b\n\ncampaign a {\n  enter on form.submitted\n\n  stage s {\n    exit as done\n  }\n}\n"
WARNING = SOUND + '\ncontent never: email { subject "A word" }\n'
ERROR = SOUND.replace("exit as done", "go to nowhere")
EXPRESSION = re.compile(r"\$\{\{ *inputs\.([a-z-]+) *\}\}")
YAML_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.M | re.S)


class Trial:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.faults = binary, folder, []
        self.repository = folder / "repository"
        for name, text in (("sound", SOUND), ("warned", WARNING), ("wrong", ERROR)):
            path = self.repository / "campaigns" / name / "a.nurture"
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
        git(self.repository, "init", "--quiet")
        self.tools = folder / "source"
        self.make_source()

    def make_source(self):
        """A repository of nurture in which ./dev has it built already."""
        shutil.copytree(ROOT / "ci", self.tools / "ci")
        dev = self.tools / "dev"
        dev.write_text(f'#!/bin/sh\n[ "$1" = install ] && install -D "{self.binary}" "$2/nurture"\n', encoding="utf-8")
        dev.chmod(0o755)
        shutil.copy(ROOT / ".pre-commit-hooks.yaml", self.tools)
        git(self.tools, "init", "--quiet", "--initial-branch", "main")
        git(self.tools, "add", ".")
        git(self.tools, "commit", "--quiet", "--message", "nurture")

    def path(self, at_hand):
        """A PATH with nurture on it, or without."""
        kept = [each for each in os.environ["PATH"].split(":") if not (pathlib.Path(each) / "nurture").exists()]
        return ":".join([str(self.binary.parent)] * at_hand + kept)

    def expect(self, what, found, wanted):
        if found != wanted:
            self.faults.append(f"{what}: {found!r}, and not {wanted!r}")

    def bash(self, script, env):
        return readers.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], self.repository, env=env)


def git(folder, *command):
    identity = ("-c", "user.name=nurture", "-c", "user.email=nurture@example.com")
    subprocess.run(["git", *identity, *command], cwd=folder, check=True, capture_output=True)


# GitHub --------------------------------------------------------------------------------------------------------------


def run_action(trial, action, inputs, at_hand):
    """The exit code of the first step that fails, and what the steps print."""
    known = {name: row["default"] for name, row in action["inputs"].items()} | inputs
    env = {"PATH": trial.path(at_hand), "RUNNER_TEMP": tempfile.mkdtemp(dir=trial.folder),
           "GITHUB_ACTION_PATH": str(trial.tools / "ci/github")}
    printed = ""
    for step in action["runs"]["steps"]:
        added = pathlib.Path(env["RUNNER_TEMP"]) / "path"
        added.write_text("", encoding="utf-8")
        values = {key: EXPRESSION.sub(lambda match: known[match[1]], text) for key, text in step.get("env", {}).items()}
        done = trial.bash(step["run"], env | values | {"GITHUB_PATH": str(added)})
        printed += done.stdout + done.stderr
        if done.returncode:
            return done.returncode, printed
        env["PATH"] = ":".join([*added.read_text(encoding="utf-8").split(), env["PATH"]])
    return 0, printed


def try_github(trial, yaml):
    action = yaml.safe_load((ROOT / "ci/github/action.yml").read_text(encoding="utf-8"))
    trial.expect("action: kind", action["runs"]["using"], "composite")
    trial.expect("action: shells", {step["shell"] for step in action["runs"]["steps"]}, {"bash"})
    for at_hand in (True, False):
        code, printed = run_action(trial, action, {"paths": "campaigns/sound\n\ncampaigns/warned\n"}, at_hand)
        trial.expect("action: a warning", (code, re.findall(r"^::(\w+) file=([^,]+),line=(\d+)", printed, re.M)),
                     (0, [("warning", "campaigns/warned/a.nurture", "11")]))
    trial.expect("action: fail-on", run_action(trial, action, {"fail-on": "warning", "paths": "campaigns/warned"}, True)[0], 1)
    code, printed = run_action(trial, action, {"sarif": "out.sarif"}, True)
    trial.expect("action: an error", (code, "::error file=campaigns/wrong/a.nurture,line=7," in printed), (1, True))
    results = json.loads((trial.repository / "out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    trial.expect("action: SARIF", sorted(each["level"] for each in results), ["error", "warning"])
    trial.expect("action: no such path", run_action(trial, action, {"paths": "nowhere", "sarif": "x"}, True)[0], 1)
    return action


# GitLab --------------------------------------------------------------------------------------------------------------


def run_job(trial, template, variables, at_hand):
    job = template["nurture check"]
    base = template[job["extends"]]
    env = {"PATH": trial.path(at_hand)} | base["variables"] | {"NURTURE_REPOSITORY": str(trial.tools)} | variables
    return trial.bash("\n".join(base["before_script"] + job["script"]), env)


def try_gitlab(trial, yaml):
    template = yaml.safe_load((ROOT / "ci/gitlab/nurture.yml").read_text(encoding="utf-8"))
    reports = template["nurture check"]["artifacts"]["reports"]
    paths = {"NURTURE_PATHS": "campaigns/sound campaigns/warned"}
    for at_hand in (True, False):
        trial.expect("job: a warning", run_job(trial, template, paths, at_hand).returncode, 0)
    trial.expect("job: fail-on", run_job(trial, template, paths | {"NURTURE_FAIL_ON": "warning"}, True).returncode, 1)
    done = run_job(trial, template, {}, True)
    trial.expect("job: an error", (done.returncode, "error[E0304]" in done.stderr), (1, True))
    quality = json.loads((trial.repository / reports["codequality"]).read_text(encoding="utf-8"))
    trial.expect("job: Code Quality", sorted(each["location"]["path"] for each in quality),
                 ["campaigns/warned/a.nurture", "campaigns/wrong/a.nurture"])
    suites = xml.etree.ElementTree.parse(trial.repository / reports["junit"]).getroot()
    trial.expect("job: JUnit", (suites.get("tests"), suites.get("failures")), ("3", "1"))
    trial.expect("job: no such path", run_job(trial, template, {"NURTURE_PATHS": "nowhere"}, True).returncode, 1)
    return template


# pre-commit ----------------------------------------------------------------------------------------------------------


def run_hooks(trial, yaml, config):
    """What each hook came to, by its name."""
    path = trial.repository / ".pre-commit-config.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    git(trial.repository, "add", ".")
    env = {"PATH": trial.path(True), "PRE_COMMIT_HOME": str(trial.folder / "pre-commit")}
    done = readers.run([sys.executable, "-m", "pre_commit", "run", "--all-files"], trial.repository, env=env)
    return dict(re.findall(r"^(nurture \w+)\.*(Passed|Failed|Skipped)$", done.stdout, re.M)), done.stdout


def try_hooks(trial, yaml, config):
    shutil.rmtree(trial.repository / ".nurture", ignore_errors=True)
    repository = config["repos"][0]
    repository["repo"] = str(trial.tools)
    repository["rev"] = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=trial.tools, text=True).strip()
    verdicts, printed = run_hooks(trial, yaml, config)
    trial.expect("hooks: an error", (verdicts, "error[E0304]" in printed),
                 ({"nurture check": "Failed", "nurture fmt": "Passed"}, True))
    shutil.rmtree(trial.repository / "campaigns/wrong")
    verdicts, printed = run_hooks(trial, yaml, config)
    trial.expect("hooks: a warning", (verdicts["nurture check"], "warning[W0301]" in printed), ("Failed", True))
    shutil.rmtree(trial.repository / "campaigns/warned")
    sound = trial.repository / "campaigns/sound/a.nurture"
    sound.write_text(SOUND.replace("  stage", " stage"), encoding="utf-8")
    verdicts, _ = run_hooks(trial, yaml, config)
    trial.expect("hooks: a layout", verdicts, {"nurture check": "Passed", "nurture fmt": "Failed"})
    trial.expect("hooks: laid out", sound.read_text(encoding="utf-8"), SOUND)


# The page ------------------------------------------------------------------------------------------------------------


def check_page(trial, yaml, action, template):
    """Its examples name only what there is. Gives the configuration of pre-commit."""
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    workflow, job, hooks = (yaml.safe_load(block) for block in YAML_BLOCK.findall(text))
    steps = workflow["jobs"]["check"]["steps"]
    ours = [step for step in steps if "/ci/github@" in step["uses"]]
    trial.expect("page: the action", len(ours), 1)
    trial.expect("page: unknown inputs", set(ours[0]["with"]) - set(action["inputs"]), set())
    trial.expect("page: the report", steps[-1]["with"]["sarif_file"], ours[0]["with"]["sarif"])
    trial.expect("page: the template", (ROOT / job["include"][0]["file"]).exists(), True)
    base = template[template["nurture check"]["extends"]]
    trial.expect("page: unknown variables", set(job["nurture check"]["variables"]) - set(base["variables"]), set())
    for name in [*action["inputs"], *base["variables"]]:
        trial.expect(f"page: {name} is described", f"| `{name}` |" in text, True)
    return hooks


def main():
    readers.use_installed()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nurture", required=True, type=pathlib.Path, help="the binary under test")
    args = parser.parse_args()
    try:
        import pre_commit  # noqa: F401
        import yaml
    except ImportError as missing:
        readers.skip(missing.name)
    with tempfile.TemporaryDirectory() as scratch:
        trial = Trial(args.nurture.resolve(), pathlib.Path(scratch))
        action = try_github(trial, yaml)
        template = try_gitlab(trial, yaml)
        try_hooks(trial, yaml, check_page(trial, yaml, action, template))
    print("\n".join(trial.faults))
    print(f"{len(trial.faults)} faults")
    return 1 if trial.faults else 0


if __name__ == "__main__":
    sys.exit(main())
