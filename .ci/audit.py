"""Ask PyPI's advisory database about every pinned dependency. Where it cannot be asked, that is said, and nothing fails.

python .ci/audit.py constraints.txt
"""

import json
import subprocess
import sys


def main(pinned: str) -> int:
    asked = [sys.executable, "-m", "pip_audit", "--requirement", pinned, "--no-deps", "--disable-pip", "--format", "json"]
    done = subprocess.run([*asked, "--progress-spinner", "off", "--timeout", "15"], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return told("not audited: the advisory database cannot be asked from here", done.stderr.strip().splitlines()[-1:])
    known = [one for one in packages if "vulns" in one]
    if not known:
        return told("not audited: the package index of this machine knows no advisories")
    weak = [f"{one['name']} {one['version']}: {each['id']}, {mended(each)}" for one in known for each in one["vulns"]]
    told(f"{len(known)} of {len(packages)} pinned packages audited, {len(weak)} known weaknesses", weak)
    return 1 if weak else 0


def mended(weakness: dict[str, list[str]]) -> str:
    versions = ", ".join(weakness.get("fix_versions", []))
    return f"mended in {versions}: pin that in constraints.txt" if versions else "not mended yet"


def told(said: str, more: list[str] | tuple[()] = ()) -> int:
    print("\n  ".join([said, *more]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
