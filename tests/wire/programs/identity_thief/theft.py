"""What an attempt is, and when it is a theft."""
import base64
import ctypes
import json
import os
import re
import sys

GIVEN = json.loads(sys.argv[1])
OWN, VICTIM = GIVEN["own"], GIVEN["victim"]
JWT = re.compile(rb"eyJ[\w-]{10,}\.(eyJ[\w-]{10,})\.[\w-]{10,}")
LIBC = ctypes.CDLL(None, use_errno=True)
seen = {}


def attempt(name, work):
    """`work` returns what it holds in the end; nothing is no theft."""
    try:
        held = work()
        seen[name] = {"theft": bool(held), "how": str(held)[:200] if held else "nothing"}
    except Exception as error:  # whatever stops it
        seen[name] = {"theft": False, "how": f"{type(error).__name__}: {error}"[:200]}


def claims_of(payload):
    try:
        return json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    except ValueError:
        return {}


def stolen(content, of_anybody=False):
    for match in JWT.finditer(content):
        claims = claims_of(match.group(1))
        if claims.get("appid") == VICTIM["client_id"] or (of_anybody and "appid" in claims):
            return f"a token of {claims['appid']}"
    return None


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def each(items, work):
    last = None
    for item in items:
        try:
            if held := work(item):
                return held
        except OSError as error:
            last = error
    if last:
        raise last


def in_child(work):
    """In a process of its own: what it does to itself it does not get rid of."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            held = work()
            os.write(writing, json.dumps({"held": str(held) if held else None}).encode())
        except Exception as error:
            os.write(writing, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    told = json.loads(os.read(reading, 65536) or b"{}")
    if "error" in told:
        raise OSError(told["error"])
    return told.get("held")
