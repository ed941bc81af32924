# Brings an application to a pool and to a task by the Azure CLI. Knows nothing of Batchyard. Prints one JSON line.
set -eu
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT
account=$1 group=$2 archive=$3
line() { tr -d '\n '; }

az login --service-principal --username "$AZURE_CLIENT_ID" --password "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID" >/dev/null
of() { az batch application "$@" --name "$account" --resource-group "$group" --output json; }
of create --application-name tool >/dev/null
of package create --application-name tool --version 1.0 --package-file "$archive" >/dev/null
az batch account login --name "$account" --resource-group "$group"
az batch pool create --id tool --vm-size standard_d2s_v3 --target-dedicated-nodes 1 --image debian:debian-12:12 \
  --node-agent-sku-id 'batch.node.debian 12' --application-package-references tool#1.0
az batch job create --id tool --pool-id tool
cat >"$AZURE_CONFIG_DIR/task.json" <<'EOF'
{"id": "one", "commandLine": "/bin/sh -c '$AZ_BATCH_APP_PACKAGE_tool_1_0/tool az'",
 "applicationPackageReferences": [{"applicationId": "tool", "version": "1.0"}]}
EOF
az batch task create --job-id tool --json-file "$AZURE_CONFIG_DIR/task.json" >/dev/null
until [ "$(az batch task show --job-id tool --task-id one --query state --output tsv)" = completed ]; do sleep 0.2; done
az batch task file download --job-id tool --task-id one --file-path stdout.txt --destination "$AZURE_CONFIG_DIR/out" >/dev/null
references=$(az batch pool show --pool-id tool --query 'applicationPackageReferences[].[applicationId, version]' --output json | line)
echo "{\"references\":$references,\"output\":\"$(cat "$AZURE_CONFIG_DIR/out")\"}"
