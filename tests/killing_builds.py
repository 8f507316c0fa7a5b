"""Builds again and again, each build killed at a random moment, and looks whether the next one leaves a clean build.

    python tests/killing_builds.py FOLDER KILLS EACH SEED

FOLDER holds `ours` and `clean`, each with its `content`. After each EACH kills a build runs to its end and is compared.
Prints, as JSON, how many builds were killed and how many were compared. Every build has a change to follow; every third
begins without a cache; every other one works in processes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

os.environ.update(NO_MKDOCS_2_WARNING="1", SOURCE_DATE_EPOCH="1700000000")

from build_tools import engine, lock, pool, publish

LEFT_OUT = (".kho-bao", ".kho-bao.lock")
CLIPPING = Path("content", "clippings", "moi.txt")
TEXT = "Cụm thi đua số {0} Công an tỉnh tổng kết năm 202{0}\n\nNgày 14/12, Cụm thi đua số {0} tổ chức hội nghị.\n"


def begun(folder: Path, few: int) -> int:
    """Begin a build in a process of its own; return its id."""
    if pid := os.fork():
        return pid
    engine.FEW = few
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        publish.site(publish.Folders.of(None, None), 2)
    except BaseException as error:  # noqa: BLE001 - told, and the process ends
        sys.stdout.write(f"{error!r}\n")
        sys.stdout.flush()
        os._exit(1)
    os._exit(0)


def files(folder: Path) -> dict[str, bytes]:
    """Return the site and the generated Markdown."""
    found = (path for part in ("site", "build/docs") for path in (folder / part).rglob("*"))
    return {
        str(one.relative_to(folder)): one.read_bytes() for one in found if one.is_file() and one.name not in LEFT_OUT
    }


def main(folder: Path, kills: int, each: int, seed: str) -> None:
    """Kill, and compare what the next builds leave."""
    lock.WATCH = pool.WATCH = 0.1
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    ours, clean = folder / "ours", folder / "clean"
    wanted = []
    for variant in range(2):
        (clean / CLIPPING).write_text(TEXT.format(variant + 1), encoding="utf-8")
        for part in ("build", "site"):
            shutil.rmtree(clean / part, ignore_errors=True)
        begin = time.monotonic()
        assert os.waitstatus_to_exitcode(os.waitpid(begun(clean, 150), 0)[1]) == 0
        took = time.monotonic() - begin
        wanted.append(files(clean))
    killed = compared = 0
    for number in range(kills):
        (ours / CLIPPING).write_text(TEXT.format(number % 2 + 1), encoding="utf-8")
        if number % 3 == 0:
            shutil.rmtree(ours / "build", ignore_errors=True)
        pid = begun(ours, 150 if number % 2 else 2)
        time.sleep((number + chance.random()) / kills * took)
        os.kill(pid, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(pid, 0)[1])
        if (number + 1) % each == 0:
            assert os.waitstatus_to_exitcode(os.waitpid(begun(ours, 150), 0)[1]) == 0
            assert files(ours) == wanted[number % 2], number
            compared += 1
    print(json.dumps({"killed": killed, "compared": compared}))  # noqa: T201 - what it is for


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
