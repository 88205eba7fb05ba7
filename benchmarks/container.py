"""Run the Dockerfile's very steps in a clean Debian, as there is no container engine where this is built.

    python benchmarks/container.py --work /tmp/container [--prove-only]

Needs root and debootstrap (``--debootstrap`` names another script). Every stage gets a fresh root of the base
image's suite; RUN, COPY, ENV, WORKDIR, USER, HEALTHCHECK, ENTRYPOINT and CMD are done as Docker does them,
with the same shell. At the end the program runs as the image's user, with a network of its own in which
nothing can be reached, on a root mounted read-only: it must play the sample day, its health check answer.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


@dataclass
class Stage:
    """What a stage of the Dockerfile has become so far."""

    name: str
    root: Path
    suite: str
    env: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin"}
    )
    shell: list[str] = field(default_factory=lambda: ["/bin/sh", "-c"])
    folder: str = "/"
    user: str = "root"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)


def instructions(text: str) -> list[tuple[str, str]]:
    """Instruction and argument of each line, continued lines joined, comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(line.split(None, 1)[0].upper(), line.split(None, 1)[1]) for line in joined.splitlines()]


def build(text: str, work: Path, debootstrap: str) -> Stage:
    stages: dict[str, Stage] = {}
    stage: Stage | None = None
    for name, argument in instructions(text):
        start = time.monotonic()
        if name == "FROM":
            stage = begin(argument, work, debootstrap)
            stages[stage.name] = stage
        else:
            assert stage is not None
            take(stage, name, argument, stages)
        print(f"{time.monotonic() - start:7.1f} s  {name} {argument[:90]}", flush=True)
    assert stage is not None
    return stage


def begin(argument: str, work: Path, debootstrap: str) -> Stage:
    """A fresh root of the base image's suite."""
    image, _, rest = argument.partition(" ")
    suite = image.removeprefix("debian:").removesuffix("-slim")
    name = rest.split()[-1] if rest else "final"
    root, base = work / name, work / f"base-{suite}"
    if not base.exists():
        subprocess.run(
            [*shlex.split(debootstrap), "--variant=minbase", suite, str(base)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        security = f"deb http://deb.debian.org/debian-security {suite}-security main\n"
        (base / "etc/apt/sources.list.d/security.list").write_text(security)
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["cp", "-a", str(base), str(root)], check=True)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    if certificates := os.environ.get("PIP_CERT"):  # of a network whose traffic is inspected
        shutil.copy(certificates, root / "etc/inspected.crt")
    return Stage(name, root, suite)


def take(stage: Stage, name: str, argument: str, stages: dict[str, Stage]) -> None:
    if name == "RUN":
        run(stage, [*stage.shell, argument], check=True)
    elif name == "COPY":
        copy(stage, argument.split(), stages)
    elif name == "ENV":
        stage.env |= dict(part.split("=", 1) for part in shlex.split(argument))
    elif name == "SHELL":
        stage.shell = json.loads(argument)
    elif name == "WORKDIR":
        stage.folder = argument
        (stage.root / argument.lstrip("/")).mkdir(parents=True, exist_ok=True)
    elif name == "USER":
        stage.user = argument
    elif name == "HEALTHCHECK":
        stage.health = json.loads(argument[argument.index("[") :])
    elif name in {"ENTRYPOINT", "CMD"}:
        setattr(stage, {"CMD": "command"}.get(name, "entrypoint"), json.loads(argument))
    elif name not in {"VOLUME", "EXPOSE", "STOPSIGNAL"}:
        raise SystemExit(f"the Dockerfile uses {name}, which this benchmark does not know; teach it")


def copy(stage: Stage, words: list[str], stages: dict[str, Stage]) -> None:
    origin = HERE
    if words[0].startswith("--from="):
        origin = stages[words.pop(0).removeprefix("--from=")].root
    *sources, target = words
    place = stage.root / (target if target.startswith("/") else f"{stage.folder}/{target}").lstrip("/")
    for source in sources:
        found = origin / source.lstrip("/")
        into = place / found.name if target.endswith("/") and found.is_file() else place
        into.parent.mkdir(parents=True, exist_ok=True)
        ignored = ["--exclude=__pycache__", "--exclude=*.pyc"] if origin == HERE else []
        tail = "/" if found.is_dir() else ""
        pipe = subprocess.Popen(
            ["tar", "-C", str(found.parent), *ignored, "-cf", "-", found.name], stdout=subprocess.PIPE
        )
        scratch = stage.root / ".copy"
        scratch.mkdir()
        subprocess.run(["tar", "-C", str(scratch), "-xf", "-"], stdin=pipe.stdout, check=True)
        subprocess.run(["cp", "-aT" if tail else "-a", str(scratch / found.name), str(into)], check=True)
        shutil.rmtree(scratch)


def run(
    stage: Stage, command: list[str], *, check: bool = False, sealed: bool = False, **extra: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command as the image would.

    :param sealed: with a network of its own, a read-only root and only /data and /tmp to write to.
    """
    inside = shlex.join(command)
    mounts = "mount -t proc proc {0}/proc; mount --rbind /dev {0}/dev; "
    if sealed:
        mounts += (
            "ip link set lo up 2>/dev/null || true; mount --bind {0} {0}; mount -o remount,ro,bind {0}; "
            "mount -t proc proc {0}/proc; mount --rbind /dev {0}/dev; mount -t tmpfs tmpfs {0}/tmp; "
            "mount --bind {0}.data {0}/data; "
        )
    root = shlex.quote(str(stage.root))
    user = "" if stage.user == "root" or not sealed else f"--userspec={stage.user} "
    enter = f"exec /usr/sbin/chroot {user}{root} /bin/sh -c {shlex.quote(f'cd {stage.folder} && {inside}')}"
    flags = ["--mount", "--pid", "--fork", "--kill-child", *(["--net"] if sealed else [])]
    env = stage.env | extra
    if not sealed and (stage.root / "etc/inspected.crt").exists():
        env |= {"PIP_CERT": "/etc/inspected.crt"}
    return subprocess.run(
        ["unshare", *flags, "/bin/bash", "-ec", mounts.format(root) + enter],
        env=env | ({"TERM": "dumb", "DEBIAN_FRONTEND": "noninteractive"}),
        check=check,
        text=True,
        stdout=subprocess.PIPE if sealed else None,
    )


def sizes(stage: Stage) -> dict[str, float]:
    parts = {"image": ".", "program": "opt/monitor", "apertium": "usr/share/apertium"}
    size = lambda place: int(subprocess.check_output(["du", "-sxk", str(place)]).split()[0])  # noqa: E731
    return {name: round(size(stage.root / part) / 1024, 1) for name, part in parts.items()}


def prove(stage: Stage) -> dict[str, object]:
    """What must be true of the image, as a table."""
    data = Path(f"{stage.root}.data")
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    uid, _, gid = stage.user.partition(":")
    os.chown(data, int(uid), int(gid))
    found: dict[str, object] = {"sizes in MB": sizes(stage)}
    tools = ("gcc", "cc", "g++", "make", "pip", "pip3", "python3-config")
    found["compilers"] = [tool for tool in tools if list(stage.root.glob(f"usr/bin/{tool}*"))]
    start = time.monotonic()
    demo = run(stage, [*stage.entrypoint, "demo", "--json", "--data", "/data/demo"], sealed=True)
    report = json.loads(demo.stdout) if demo.returncode == 0 else {}
    found["sample day"] = {
        "exit": demo.returncode,
        "alerts": len(report.get("alerts", ())),
        "translated": sum(bool(article["title_en"]) for article in report.get("articles", ())),
        "seconds": round(time.monotonic() - start, 1),
    }
    command = shlex.join([*stage.entrypoint, *stage.command])
    health = shlex.join(stage.health)
    script = (
        f"{command} 2>/data/log & service=$!; i=0; until {health} 2>/dev/null; do i=$((i+1)); "
        "[ $i -gt 60 ] && exit 9; sleep 1; done; echo healthy; "
        "kill -TERM $service; wait $service; echo end $?"
    )
    served = run(stage, ["/bin/sh", "-c", script], sealed=True)
    found["service"] = served.stdout.split("\n")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--debootstrap", default="debootstrap")
    parser.add_argument("--dockerfile", type=Path, default=HERE / "Dockerfile")
    parser.add_argument("--prove-only", action="store_true", help="use the root of an earlier run")
    options = parser.parse_args()
    text = options.dockerfile.read_text()
    if options.prove_only:
        stage = Stage("final", options.work / "final", "")
        for name, argument in instructions(text.rpartition("\nFROM ")[2].partition("\n")[2]):
            if name not in {"RUN", "COPY"}:
                take(stage, name, argument, {})
    else:
        options.work.mkdir(parents=True, exist_ok=True)
        stage = build(text, options.work.resolve(), options.debootstrap)
    print(json.dumps(prove(stage), indent=1))


if __name__ == "__main__":
    main()
