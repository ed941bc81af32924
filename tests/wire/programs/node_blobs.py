"""Reads and writes blobs as the node's managed identities, with Azure's clients. Knows nothing of Batchyard. Prints one JSON line."""
import json
import sys

from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from azure.storage.blob import BlobServiceClient

url, writer, reader = sys.argv[1:]
seen = {}
for name, credential in [
    ("writer", ManagedIdentityCredential(client_id=writer)),
    ("reader", DefaultAzureCredential(managed_identity_client_id=reader)),
]:
    service = BlobServiceClient(url, credential=credential)
    inputs = service.get_container_client("inputs")
    seen[name] = [blob.name for blob in inputs.list_blobs()]
    seen[name].append(inputs.download_blob("one.txt").readall().decode())
    try:
        service.get_blob_client("outputs", "python/%s" % name).upload_blob(b"from python")
    except HttpResponseError as error:
        seen[name].append(error.error_code)
print(json.dumps(seen))
