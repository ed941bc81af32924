/** The users of a node as its agent is told of them: always all of them, so that nothing depends on what it has heard before. */
import type { Connection } from "../../store/engine/connection.ts";
import { nodeUsersOfNode } from "../../store/work/node-users.ts";
import type { NodeUserSpec, ToAgent } from "../../wire/agent/messages.ts";

/** @param now the service's time, from which the node counts with its own clock */
export async function nodeUserList(c: Connection, nodeKey: number, now: number): Promise<NodeUserSpec[]> {
  return (await nodeUsersOfNode.all(c, { node_key: nodeKey })).map((user) => ({
    name: user.name,
    isAdmin: user.is_admin === 1,
    ...(user.password_hash !== null && { passwordHash: user.password_hash }),
    ...(user.ssh_public_key !== null && { sshPublicKey: user.ssh_public_key }),
    expiresInMs: user.expires_at - now,
  }));
}

/** For nobody who waits for an answer: an id that no question has. */
export async function nodeUsersNews(c: Connection, nodeKey: number, now: number): Promise<ToAgent[]> {
  const users = await nodeUserList(c, nodeKey, now);
  return [{ t: "login.ask", id: 0, nodeKey: String(nodeKey), users }];
}
