/** Who is at the other end of a connection to one of the service's ports, for the audit log. */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import type { Stranger } from "../../app/identities/identity-requests.ts";
import { connectionUser } from "../../core/audit/connection-user.ts";

export function strangerAt(socket: Socket): Pick<Stranger, "address" | "user"> {
  return {
    address: socket.remoteAddress ?? "",
    user: connectionUser(socket, (path) => readFileSync(path, "latin1")),
  };
}
