# Logs in by SSH with a password and asks who it is. Knows nothing of Batchyard. Prints the name, or "refused".
#   ssh-login.sh ADDRESS PORT USER PASSWORD
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
LOGIN_PASSWORD=$4
export LOGIN_PASSWORD
printf '#!/bin/sh\nprintf "%%s\\n" "$LOGIN_PASSWORD"\n' >"$folder/ask"
chmod 700 "$folder/ask"
SSH_ASKPASS=$folder/ask SSH_ASKPASS_REQUIRE=force ssh -F /dev/null -p "$2" -o StrictHostKeyChecking=accept-new \
  -o UserKnownHostsFile="$folder/known" -o PreferredAuthentications=password -o NumberOfPasswordPrompts=1 \
  "$3@$1" whoami 2>/dev/null </dev/null || echo refused
