/** Lines for a hosts file that lead Azure's names to this machine, and the command that takes them out again. Pure. */
import type { ServiceEndpoints } from "../../client/service-endpoints.ts";
import { cloudAccountName } from "./cloud-account.ts";

const MARK = "# batchyard";
/** That of the documentation's addresses. */
const DOCUMENTED_LOCATION = "mylocation";

export function hostsLines(service: ServiceEndpoints): readonly string[] {
  const names = [
    "login.microsoftonline.com",
    "login.windows.net",
    "management.azure.com",
    "management.core.windows.net",
    "graph.microsoft.com",
    "graph.windows.net",
    cloudAccountName(service),
    cloudAccountName({ account: service.account, location: DOCUMENTED_LOCATION }),
  ];
  return [...new Set(names)].map((name) => `127.0.0.1 ${name} ${MARK}`);
}

/** A hosts file ends at `/etc/hosts` on every system with `sed`. */
export const removeHostsLines = `sudo sed -i.bak '/ ${MARK}$/d' /etc/hosts`;
