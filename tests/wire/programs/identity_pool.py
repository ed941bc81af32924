"""Makes the pool of the page "Configure managed identities in Batch pools". Knows nothing of Batchyard. Prints one JSON line."""
import json
import os

from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.batch import BatchManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource import ResourceManagementClient

credential = ClientSecretCredential(
    os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
)
subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
seen = {}


def outcome(call):
    try:
        call()
        return "ok"
    except HttpResponseError as error:
        return [error.status_code, error.error.code]


ResourceManagementClient(credential, subscription).resource_groups.create_or_update(
    "py-pools", {"location": "westeurope"}
)
batch = BatchManagementClient(credential, subscription)
batch.batch_account.begin_create("py-pools", "pypools", {"location": "westeurope"}).result()
identity = ManagedServiceIdentityClient(credential, subscription).user_assigned_identities.create_or_update(
    "py-pools", "reader", {"location": "westeurope"}
)
at = ("py-pools", "pypools")
size_and_identity = {
    "vm_size": "standard_d1_v2",
    "scale_settings": {"fixed_scale": {"target_dedicated_nodes": 0}},
    "identity": {"type": "UserAssigned", "user_assigned_identities": {identity.id: {}}},
}
machines = {
    "virtual_machine_configuration": {
        "image_reference": {"publisher": "Canonical", "offer": "UbuntuServer", "sku": "18.04-LTS", "version": "latest"},
        "node_agent_sku_id": "batch.node.ubuntu 18.04",
    }
}
services = {"cloud_service_configuration": {"os_family": "5"}}
pool = batch.pool.create(*at, "yourPoolName", {**size_and_identity, "deployment_configuration": machines})
seen["pool"] = [pool.name, pool.vm_size, pool.identity.type, pool.provisioning_state]
seen["identity"] = pool.identity.user_assigned_identities[identity.id].client_id == identity.client_id
seen["without"] = outcome(
    lambda: batch.pool.create(*at, "without", {**size_and_identity, "deployment_configuration": services})
)
updated = batch.pool.update(*at, "yourPoolName", {"metadata": [{"name": "a", "value": "b"}]})
seen["updated"] = [[item.name, item.value] for item in updated.metadata]
seen["listed"] = [item.name for item in batch.pool.list_by_batch_account(*at)]
batch.pool.begin_delete(*at, "yourPoolName").result()
seen["gone"] = outcome(lambda: batch.pool.get(*at, "yourPoolName"))
print(json.dumps(seen))
