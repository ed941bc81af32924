/**
 * Users of a compute node, who log in to it by SSH, and where they do. A user is there once the node has said so: what it
 * refuses is taken back. Source: Azure Batch REST, "Compute Node - Add User", "- Update User", "- Delete User", "- Get Remote
 * Login Settings".
 */
import { setTimeout } from "node:timers/promises";
import { Fault } from "../../core/fault.ts";
import { sshPublicKeyRead } from "../../core/login/ssh-public-key.ts";
import { isDualStack } from "../../core/pools/node-endpoints.ts";
import { isWindowsPool } from "../../core/users/pool-system.ts";
import type { Connection } from "../../store/engine/connection.ts";
import {
  type NodeUserRow,
  nodeUserByName,
  nodeUserDelete,
  nodeUserInsert,
  nodeUserSet,
} from "../../store/work/node-users.ts";
import type { NodeRow } from "../../store/work/nodes.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import type { NodeUserSpec } from "../../wire/agent/messages.ts";
import { NODE_USER_EXPIRY_DEFAULT } from "../../wire/batch/limits.ts";
import type {
  ComputeNodeUser,
  NodeUpdateUserParameter,
  PoolAddParameter,
} from "../../wire/batch/models-types.gen.ts";
import type { NodeLogin } from "../ports/agent-gateway.ts";
import { type NodeTarget, nodeFind } from "./node-read.ts";
import { nodeUserList } from "./node-user-list.ts";
import { standingAgent } from "./standing-node.ts";

type Means = Pick<NodeUserRow, "password_hash" | "ssh_public_key" | "expires_at" | "is_expired">;

/** Undoes a change that the node refused. */
type Undo = (c: Connection) => Promise<unknown>;

/** @throws Fault NodeUserExists, OperationNotValidOnNode, ServerBusy, those of the node's state, and of properties */
export async function nodeUserAdd(target: NodeTarget, user: ComputeNodeUser): Promise<void> {
  const { name } = user;
  const hash = await hashOf(target, user);
  const login = await changeUsers(target, async (c, node, pool) => {
    if (await nodeUserByName.first(c, { node_key: node.key, name })) throw new Fault("NodeUserExists");
    const means = meansOf(target, pool, user, hash);
    const row = { node_key: node.key, name, is_admin: user.isAdmin ? 1 : 0, ...means };
    await nodeUserInsert.run(c, row);
    return async (later) => {
      const added = await nodeUserByName.first(later, { node_key: node.key, name });
      if (added) await nodeUserDelete.run(later, { key: added.key });
    };
  });
  if (!login.taken.includes(name)) return;
  await login.undo();
  throw new Fault("NodeUserExists", "The node's system has a user of this name.");
}

/** Replaces all that can be changed. @throws Fault NodeUserNotFound, and as `nodeUserAdd` */
export async function nodeUserUpdate(
  target: NodeTarget,
  name: string,
  change: NodeUpdateUserParameter,
): Promise<void> {
  const hash = await hashOf(target, change);
  await changeUsers(target, async (c, node, pool) => {
    const user = await nodeUserByName.first(c, { node_key: node.key, name });
    if (!user) throw new Fault("NodeUserNotFound");
    await nodeUserSet.run(c, { key: user.key, ...meansOf(target, pool, change, hash) });
    return (later) => nodeUserSet.run(later, user);
  });
}

/** Removes the user; its logins have ended by then. @throws Fault NodeUserNotFound, and as `nodeUserAdd` */
export async function nodeUserRemove(target: NodeTarget, name: string): Promise<void> {
  await changeUsers(target, async (c, node) => {
    const user = await nodeUserByName.first(c, { node_key: node.key, name });
    if (!user) throw new Fault("NodeUserNotFound");
    await nodeUserDelete.run(c, { key: user.key });
    return (later) => nodeUserInsert.run(later, user);
  });
}

/** A node that comes up is waited for so long: where it is logged in to is known only then. Ours: what a client waits for a reply. */
const STANDS_WITHIN_MS = 25_000;
const LOOKED_EVERY_MS = 100;
const COMES_UP: ReadonlySet<string> = new Set(["creating", "starting", "waitingforstarttask"]);

async function nodeComeUp(target: NodeTarget): Promise<{ pool: PoolRow; node: NodeRow }> {
  const [app] = target;
  const until = performance.now() + STANDS_WITHIN_MS;
  for (;;) {
    const found = await nodeFind(app.store.read, target);
    if (!COMES_UP.has(found.node.state) || performance.now() > until) return found;
    await setTimeout(LOOKED_EVERY_MS);
  }
}

/** @throws Fault OperationNotValidOnNode, OperationNotValidOnPool, and the one of the node's state */
export async function nodeLoginGet(
  target: NodeTarget,
): Promise<{ node: NodeRow; login: NodeLogin; isDualStack: boolean }> {
  const [app] = target;
  const { pool, node } = await nodeComeUp(target);
  const spec = specOf(pool);
  if (spec.cloudServiceConfiguration)
    throw new Fault("OperationNotValidOnPool", "Nodes of cloud services are logged in to by remote desktop.");
  const login = await app.agents.nodeLogin(standingAgent(node), String(node.key));
  return { node, login, isDualStack: isDualStack(spec) };
}

/** Stores a change, has the node act on it, and takes it back where that fails. */
async function changeUsers(
  target: NodeTarget,
  change: (c: Connection, node: NodeRow, pool: PoolRow) => Promise<Undo>,
): Promise<NodeLogin & { readonly undo: () => Promise<unknown> }> {
  const [app] = target;
  const { agentId, nodeKey, users, undo } = await app.store.write(async (c) => {
    const { pool, node } = await nodeFind(c, target);
    const agentId = standingAgent(node);
    if (app.agents.incarnationOf(agentId) === undefined)
      throw new Fault("OperationInvalidForCurrentState", "The node is not connected just now.");
    const undo = await change(c, node, pool);
    const users: NodeUserSpec[] = await nodeUserList(c, node.key, app.clock());
    return { agentId, nodeKey: String(node.key), users, undo: () => app.store.write(undo) };
  });
  try {
    return { ...(await app.agents.nodeLogin(agentId, nodeKey, users)), undo };
  } catch (error) {
    await undo();
    throw error;
  }
}

/** Before any transaction: it takes its time, and only for a node that has users. @throws Fault ServerBusy, and as `changeUsers` */
async function hashOf(target: NodeTarget, { password }: NodeUpdateUserParameter): Promise<string | null> {
  if (password === undefined) return null;
  const [app, account] = target;
  const { node } = await nodeFind(app.store.read, target);
  standingAgent(node);
  return app.nodePasswords.hash(account.key, password);
}

function meansOf(
  [app]: NodeTarget,
  pool: PoolRow,
  user: NodeUpdateUserParameter,
  password_hash: string | null,
): Means {
  const { password, sshPublicKey, expiryTime } = user;
  const now = app.clock();
  const expires_at = expiryTime === undefined ? now + NODE_USER_EXPIRY_DEFAULT : Date.parse(expiryTime);
  if (expires_at <= now) throw invalid("expiryTime", "It is over already.");
  const isWindows = isWindowsPool(specOf(pool));
  if (isWindows && sshPublicKey !== undefined) throw invalid("sshPublicKey", "It is for Linux nodes only.");
  if (password === undefined && (isWindows || sshPublicKey === undefined)) {
    const reason = isWindows ? "Windows nodes need one." : "Nobody could log in: set it, or sshPublicKey.";
    throw propertyFault("MissingRequiredProperty", "password", reason);
  }
  return {
    password_hash,
    ssh_public_key: sshPublicKey === undefined ? null : (sshPublicKeyRead(sshPublicKey) ?? null),
    expires_at,
    is_expired: 0,
  };
}

const specOf = ({ spec }: PoolRow) => JSON.parse(spec) as PoolAddParameter;

function invalid(property: string, reason: string): Fault {
  return propertyFault("InvalidPropertyValue", property, reason);
}

function propertyFault(code: string, property: string, reason: string): Fault {
  const values = [
    { key: "PropertyName", value: property },
    { key: "Reason", value: reason },
  ];
  return new Fault(code, "", { values });
}
