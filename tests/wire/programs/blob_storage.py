"""Keeps blobs with Azure's client for Python, by token and by signature. Knows nothing of Batchyard. Prints one JSON line."""
import json
import os
import sys
from datetime import datetime, timedelta

from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobClient, BlobSasPermissions, BlobServiceClient, generate_blob_sas

account = sys.argv[1]
url = "https://%s.blob.core.windows.net" % account
service = BlobServiceClient(url, credential=DefaultAzureCredential())
container = service.create_container("python")
blob = container.get_blob_client("folder/a b.txt")
blob.upload_blob(b"from python", metadata={"made": "here"})
seen = {
    "read": blob.download_blob().readall().decode(),
    "metadata": dict(blob.get_blob_properties().metadata),
    "list": [found.name for found in container.list_blobs()],
    "part": blob.download_blob(offset=5, length=6).readall().decode(),
}
now = datetime.utcnow()
key = service.get_user_delegation_key(now - timedelta(minutes=1), now + timedelta(minutes=9))
sas = generate_blob_sas(
    account,
    "python",
    "folder/a b.txt",
    user_delegation_key=key,
    permission=BlobSasPermissions(read=True),
    expiry=now + timedelta(minutes=5),
)
signed = BlobClient.from_blob_url(blob.url + "?" + sas)
seen["signed"] = signed.download_blob().readall().decode()
try:
    signed.delete_blob()
except HttpResponseError as error:
    seen["refused"] = [error.status_code, error.error_code]
blob.delete_blob()
seen["gone"] = blob.exists()
container.delete_container()
print(json.dumps(seen))
