# Signs in with the Azure CLI and uses an account by its key. Knows nothing of Batchyard. Prints one JSON line.
set -eu
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT

login() {
  az login --service-principal --username "$AZURE_CLIENT_ID" --password "$1" --tenant "$AZURE_TENANT_ID" \
    --query '[].[id, tenantId, user.type]' --output json
}
batch() {
  az batch "$@" --account-name "$AZURE_BATCH_ACCOUNT" --account-key "$AZURE_BATCH_ACCESS_KEY" \
    --account-endpoint "$AZURE_BATCH_ENDPOINT" --output json
}
line() { tr -d '\n '; }

refused=$(login wrong 2>&1 | grep -o 'AADSTS[0-9]*' | head -1)
signed_in=$(login "$AZURE_CLIENT_SECRET" | line)
before=$(batch job list | line)
batch job create --id job --pool-id absent
batch task create --job-id job --task-id task --command-line '/bin/true' >"$AZURE_CONFIG_DIR/task.json"
after=$(batch job list --query '[].[id, state, poolInfo.poolId]' | line)
task=$(batch task show --job-id job --task-id task --query '[id, state, commandLine]' | line)
batch job delete --job-id job --yes
echo "{\"refused\":\"$refused\",\"signedIn\":$signed_in,\"subscription\":\"$AZURE_SUBSCRIPTION_ID\"," \
  "\"tenant\":\"$AZURE_TENANT_ID\",\"before\":$before,\"after\":$after,\"task\":$task}"
