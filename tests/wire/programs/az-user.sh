# Signs a user in with the Azure CLI, on a device and in a browser. Knows nothing of Batchyard. Prints one JSON line.
set -eu
AZURE_CONFIG_DIR=$(mktemp -d)
export AZURE_CONFIG_DIR AZURE_CORE_COLLECT_TELEMETRY=0
trap 'rm -rf "$AZURE_CONFIG_DIR"' EXIT
here=$(dirname "$0")
line() { tr -d '\n '; }
claims() {
  az account get-access-token --resource "$1" --query accessToken --output tsv |
    /usr/bin/python3 -c 'import sys, json, base64
p = sys.stdin.read().split(".")[1]
c = json.loads(base64.urlsafe_b64decode(p + "=" * (-len(p) % 4)))
print(json.dumps([c["aud"], c["upn"], c["scp"]]))'
}

az login --use-device-code --query '[].[tenantId, user.name, user.type]' --output json \
  >"$AZURE_CONFIG_DIR/device.json" 2>"$AZURE_CONFIG_DIR/message" &
login=$!
for _ in $(seq 100); do
  grep -q 'enter the code' "$AZURE_CONFIG_DIR/message" && break
  sleep 0.2
done
message=$(cat "$AZURE_CONFIG_DIR/message")
url=$(echo "$message" | sed -n 's/.*open the page \([^ ]*\) .*/\1/p')
code=$(echo "$message" | sed -n 's/.*enter the code \([^ ]*\) .*/\1/p')
(cd "$here" && /usr/bin/python3 -c "import sys, browser; browser.visit(sys.argv[1], sys.argv[2])" "$url" "$code")
wait "$login"
device=$(line <"$AZURE_CONFIG_DIR/device.json")
batch=$(claims https://batch.core.windows.net/)
az logout
browser=$(az login --query '[].[tenantId, user.name, user.type]' --output json | line)
echo "{\"device\":$device,\"batch\":$batch,\"browser\":$browser}"
