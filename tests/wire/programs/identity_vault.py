"""Takes a token of its node's identity and hands it to whoever dials: by TCP, by an abstract socket, by one in the file system.

Takes the port, the abstract name and the client id of the identity. Says when it is there, and stays.
"""
import json
import selectors
import socket
import sys
import urllib.request

port, name, client_id = int(sys.argv[1]), sys.argv[2], sys.argv[3]
url = (
    "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
    f"&resource=https://batch.core.windows.net/&client_id={client_id}"
)
with urllib.request.urlopen(urllib.request.Request(url, headers={"Metadata": "true"})) as reply:
    token = json.load(reply)["access_token"].encode()
with open("token.txt", "wb") as file:
    file.write(token)

waiting = selectors.DefaultSelector()
for family, address in (
    (socket.AF_INET, ("127.0.0.1", port)),
    (socket.AF_UNIX, "\0" + name),
    (socket.AF_UNIX, "vault.sock"),
):
    listener = socket.socket(family)
    listener.bind(address)
    listener.listen()
    waiting.register(listener, selectors.EVENT_READ)
print("open", flush=True)
while True:
    for key, _ in waiting.select():
        peer, _ = key.fileobj.accept()
        peer.sendall(token)
        peer.close()
