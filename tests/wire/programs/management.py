"""Manages accounts and roles with Azure's management clients. Knows nothing of Batchyard. Prints one JSON line."""
import json
import os
import uuid

from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.batch import BatchManagementClient
from azure.mgmt.resource import ResourceManagementClient, SubscriptionClient

credential = ClientSecretCredential(
    os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
)
principal = os.environ["PRINCIPAL_ID"]
seen = {}


def outcome(call):
    try:
        call()
        return "ok"
    except HttpResponseError as error:
        return [error.status_code, error.error.code]


subscription = next(iter(SubscriptionClient(credential).subscriptions.list()))
scope = f"/subscriptions/{subscription.subscription_id}"
resources = ResourceManagementClient(credential, subscription.subscription_id)
group = resources.resource_groups.create_or_update("py", {"location": "westeurope", "tags": {"a": "1"}})
seen["group"] = [group.name, group.location, group.tags]
seen["exists"] = [resources.resource_groups.check_existence(name) for name in ("py", "absent")]

batch = BatchManagementClient(credential, subscription.subscription_id)
account = batch.batch_account.begin_create("py", "pyaccount", {"location": "westeurope"}).result()
seen["account"] = [account.name, account.provisioning_state, account.account_endpoint]
keys = batch.batch_account.get_keys("py", "pyaccount")
renewed = batch.batch_account.regenerate_key("py", "pyaccount", {"key_name": "Primary"})
seen["keys"] = [keys.primary == renewed.primary, keys.secondary == renewed.secondary]
updated = batch.batch_account.update("py", "pyaccount", {"tags": {"b": "2"}, "public_network_access": "Disabled"})
seen["updated"] = [updated.tags, updated.public_network_access]
seen["listed"] = [item.name for item in batch.batch_account.list_by_resource_group("py")]
seen["free"] = batch.location.check_name_availability(
    "westeurope", {"name": "pyaccount", "type": "Microsoft.Batch/batchAccounts"}
).name_available
seen["sizes"] = any(sku.name == "Standard_D2s_v3" for sku in batch.location.list_supported_virtual_machine_skus("westeurope"))
seen["operations"] = any("jobs/write" in operation.name for operation in batch.operations.list())

authorization = AuthorizationManagementClient(credential, subscription.subscription_id)
role_name = str(uuid.uuid4())
role = authorization.role_definitions.create_or_update(
    scope,
    role_name,
    {
        "role_name": "PY submitter",
        "role_type": "CustomRole",
        "assignable_scopes": [scope],
        "permissions": [{"actions": ["Microsoft.Batch/*/read"], "data_actions": ["Microsoft.Batch/batchAccounts/jobs/*"]}],
    },
)
seen["role"] = [role.role_name, role.role_type]
parameters = {"role_definition_id": role.id, "principal_id": principal, "principal_type": "ServicePrincipal"}
assignment = authorization.role_assignments.create(account.id, str(uuid.uuid4()), parameters)
seen["twice"] = outcome(lambda: authorization.role_assignments.create(account.id, str(uuid.uuid4()), parameters))
seen["assigned"] = [
    item.principal_id == principal
    for item in authorization.role_assignments.list_for_scope(account.id, filter=f"principalId eq '{principal}'")
]
seen["in use"] = outcome(lambda: authorization.role_definitions.delete(scope, role_name))
authorization.role_assignments.delete_by_id(assignment.id)
authorization.role_definitions.delete(scope, role_name)
seen["gone"] = outcome(lambda: authorization.role_definitions.get(scope, role_name))

batch.batch_account.begin_delete("py", "pyaccount").result()
seen["deleted"] = outcome(lambda: batch.batch_account.get("py", "pyaccount"))
resources.resource_groups.begin_delete("py").result()
seen["end"] = resources.resource_groups.check_existence("py")
print(json.dumps(seen))
