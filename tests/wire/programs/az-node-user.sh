# Adds, resets and deletes a user of a node with the Azure CLI, and logs in as it. Knows nothing of Batchyard. Prints one JSON line.
set -eu
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT
here=$(dirname "$0")
node="--pool-id $POOL_ID --node-id $NODE_ID"
log_in() { sh "$here/ssh-login.sh" "$address" "$port" fromaz "$1"; }

az login --service-principal --username "$AZURE_CLIENT_ID" --password "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID" >/dev/null
az batch account login --name "$AZURE_BATCH_ACCOUNT" --resource-group "$RESOURCE_GROUP"
# shellcheck disable=SC2086
az batch node user create $node --name fromaz --password "the first one" --is-admin
# shellcheck disable=SC2086
set -- $(az batch node remote-login-settings show $node --query '[remoteLoginIpAddress, remoteLoginPort]' --output tsv)
address=$1 port=$2
first=$(log_in "the first one")
# shellcheck disable=SC2086
az batch node user reset $node --user-name fromaz --password "the second one"
second=$(log_in "the first one"),$(log_in "the second one")
# shellcheck disable=SC2086
az batch node user delete $node --user-name fromaz --yes
echo "{\"address\":\"$address\",\"logins\":\"$first,$second,$(log_in "the second one")\"}"
