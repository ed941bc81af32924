"""Runs a list of commands of the Azure CLI in one process, each as a new `az`. Knows nothing of Batchyard.

Arguments: the list, and the folder for files that commands read and write. Prints one JSON line a command.
"""
import contextlib
import io
import json
import os
import shlex
import string
import sys
import time
import traceback

from azure.cli.core import get_default_cli

WAIT_SECONDS = 30

# One for all commands: the log of the first one keeps the stream that it was given.
COMPLAINTS = io.StringIO()


def az(words):
    """The exit code, what was printed, and what was complained about."""
    out = io.StringIO()
    begin = COMPLAINTS.tell()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(COMPLAINTS):
        try:
            cli = get_default_cli()
            code = cli.invoke(words, out_file=out)
        except SystemExit as end:
            code = end.code
        except Exception:
            traceback.print_exc()
            code = 1
    return code, out.getvalue(), COMPLAINTS.getvalue()[begin:]


def main():
    names = {**os.environ, "FOLDER": sys.argv[2]}
    with open(sys.argv[1], encoding="utf-8") as commands:
        for line in map(str.strip, commands):
            if line == "" or line.startswith("#"):
                continue
            # What a command is expected to end with is not for it.
            line, name, awaited = line.split(" ## ")[0], None, None
            if line.startswith("$"):
                name, line = line[1:].split(" = ", 1)
            elif line.startswith("wait "):
                _, awaited, line = line.split(" ", 2)
            words = [string.Template(word).safe_substitute(names) for word in shlex.split(line)][1:]
            begin = time.monotonic()
            while True:
                code, out, complaints = az(words)
                if awaited is None or out.strip() == awaited or time.monotonic() - begin > WAIT_SECONDS:
                    break
                time.sleep(0.2)
            if name is not None:
                names[name] = out.strip()
            if awaited is not None and out.strip() != awaited:
                code, complaints = 1, f"never {awaited}: {out}{complaints}"
            print(
                json.dumps(
                    {
                        "line": line,
                        "awaited": awaited,
                        "code": code,
                        "out": out[-2000:],
                        "complaints": complaints[-4000:],
                        "seconds": round(time.monotonic() - begin, 2),
                    }
                ),
                flush=True,
            )


main()
