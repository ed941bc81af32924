# Manages groups, accounts and roles with the Azure CLI. Knows nothing of Batchyard. Prints one JSON line.
# $1: the folder of the one-attribute shim that Debian's az 2.45 needs for `az role`.
set -eu
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT

line() { tr -d '\n '; }
json() { az "$@" --output json | line; }
role() { PYTHONPATH=$1 && shift && export PYTHONPATH && az role "$@" --output json | line; }

az login --service-principal --username "$AZURE_CLIENT_ID" --password "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID" >/dev/null
scope=/subscriptions/$AZURE_SUBSCRIPTION_ID

group=$(json group create --name az --location westeurope --tags a=1 --query '[name, location, tags, properties.provisioningState]')
exists=$(json group exists --name az)
account=$(json batch account create --name azaccount --resource-group az --location westeurope \
  --query '[name, provisioningState, poolAllocationMode]')
listed=$(json batch account list --resource-group az --query '[].name')
before=$(az batch account keys list --name azaccount --resource-group az --query secondary --output tsv)
after=$(az batch account keys renew --name azaccount --resource-group az --key-name Secondary --query secondary --output tsv)
tagged=$(json batch account set --name azaccount --resource-group az --tags b=2 --query tags)
quota=$(json batch location quotas show --location westeurope --query 'accountQuota > `0`')

az batch account login --name azaccount --resource-group az
az batch job create --id aad --pool-id absent
az batch account login --name azaccount --resource-group az --shared-key-auth
az batch job create --id key --pool-id absent
jobs=$(json batch job list --query 'sort([].id)')

cat >"$AZURE_CONFIG_DIR/role.json" <<END
{
  "Name": "AZ submitter",
  "IsCustom": true,
  "Description": "Submits jobs",
  "Actions": ["Microsoft.Batch/*/read"],
  "NotActions": [],
  "DataActions": ["Microsoft.Batch/batchAccounts/jobs/*"],
  "NotDataActions": [],
  "AssignableScopes": ["$scope"]
}
END
role=$(role "$1" definition create --role-definition "@$AZURE_CONFIG_DIR/role.json" --query '[roleName, roleType, permissions[0].dataActions]')
roles=$(role "$1" definition list --custom-role-only true --query '[].roleName')
id=$(az batch account show --name azaccount --resource-group az --query id --output tsv)
assigned=$(role "$1" assignment create --role 'AZ submitter' --assignee-object-id "$PRINCIPAL_ID" \
  --assignee-principal-type ServicePrincipal --scope "$id" --query '[principalType, scope]')
az batch account delete --name azaccount --resource-group az --yes
role "$1" definition delete --name 'AZ submitter' >/dev/null
az group delete --name az --yes
end=$(json group exists --name az)

echo "{\"group\":$group,\"exists\":$exists,\"account\":$account,\"listed\":$listed,\"keyChanged\":$([ "$before" != "$after" ] && echo true || echo false)," \
  "\"tagged\":$tagged,\"quota\":$quota,\"jobs\":$jobs,\"role\":$role,\"roles\":$roles,\"assigned\":$assigned,\"end\":$end}"
