# Creates with the Azure CLI the custom role of the documents, in the flat form that `az role definition create` takes, and prints
# its full id. Knows nothing of Batchyard. $1: the folder of the one-attribute shim that Debian's az 2.45 needs for `az role`.
set -eu
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT

az login --service-principal --username "$AZURE_CLIENT_ID" --password "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID" >/dev/null
cat >"$AZURE_CONFIG_DIR/role.json" <<END
{
  "Name": "Azure Batch Custom Job Submitter",
  "IsCustom": true,
  "Description": "Allows a user to submit jobs to Azure Batch but not manage pools",
  "Actions": [
    "Microsoft.Batch/*/read",
    "Microsoft.Authorization/*/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Support/*",
    "Microsoft.Insights/alertRules/*"
  ],
  "NotActions": [],
  "DataActions": [
    "Microsoft.Batch/batchAccounts/jobs/*",
    "Microsoft.Batch/batchAccounts/jobSchedules/*"
  ],
  "NotDataActions": [],
  "AssignableScopes": ["/subscriptions/88888888-8888-8888-8888-888888888888"]
}
END
PYTHONPATH=$1 az role definition create --role-definition "@$AZURE_CONFIG_DIR/role.json" --query id --output json
