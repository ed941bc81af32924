/**
 * Issues a token of a node's identity to the agent that hosts the node. The node's own record says which identities it has;
 * an agent is believed only about nodes that it hosts. Each issue and each refusal is audited.
 */
import { randomUUID } from "node:crypto";
import type { Connection } from "../../store/connection.ts";
import { identityByKey } from "../../store/identities.ts";
import { type NodeRow, nodeByKey } from "../../store/nodes.ts";
import { poolByKey } from "../../store/pools.ts";
import type { Store } from "../../store/store.ts";
import type { FromAgent, ToAgent } from "../../wire/agent/messages.ts";
import type { AccessJournal } from "../access/access-journal.ts";
import { type AccountHandle, accountScope } from "../accounts/account-handle.ts";
import {
  type AccessTokens,
  IDENTITY_LIFETIME_SECONDS,
  type IdentityPrincipal,
} from "../directory/access-token.ts";
import type { Directory } from "../directory/directory.ts";
import { identityOf, identityScope } from "./identity.ts";
import { identityChoice } from "./identity-choice.ts";
import { poolIdentitiesOf } from "./pool-identity.ts";

export interface NodeTokenServices {
  readonly store: Store;
  readonly directory: Directory;
  readonly accessTokens: AccessTokens;
  readonly journal: AccessJournal;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly account: (accountKey: number) => AccountHandle | undefined;
}

type Ask = Extract<FromAgent, { t: "identity.ask" }>;
type Answer = Extract<ToAgent, { t: "identity.token" | "identity.refused" }>;

/** The node as the audit log tells it. */
interface Asker {
  readonly account: AccountHandle;
  readonly node: NodeRow;
  readonly path: string;
}

export async function nodeTokenIssue(
  services: NodeTokenServices,
  agentId: string,
  ask: Ask,
): Promise<Answer> {
  const { store, directory, accessTokens } = services;
  const asker = await findAsker(services, agentId, ask.nodeKey);
  if (asker === undefined) return refusal(ask, "invalid_request", "Identity not found");
  const refuse = (error: string, description: string, identity?: IdentityPrincipal) => {
    audit(services, asker, ask, identity, description);
    return refusal(ask, error, description);
  };
  const choice = identityChoice(await identitiesOf(store.read, asker.node), ask.identity);
  if (!("identity" in choice)) return refuse(choice.error, choice.description);
  const { identity } = choice;
  const resource = await directory.resource(identity.tenantId, ask.resource);
  if (resource === undefined) {
    const description = `AADSTS500011: The resource principal named ${ask.resource} was not found in the tenant ${identity.tenantId}.`;
    return refuse("invalid_resource", description, identity);
  }
  const roles = await directory.appRoles(identity.principalId, resource);
  const { token, notBefore, expiresAt } = await accessTokens.issueToIdentity(identity, ask.resource, roles);
  audit(services, asker, ask, identity);
  return {
    t: "identity.token",
    id: ask.id,
    token: {
      accessToken: token,
      clientId: identity.clientId,
      notBefore,
      expiresOn: expiresAt,
      lifetime: IDENTITY_LIFETIME_SECONDS,
    },
  };
}

async function findAsker(
  { store, account }: NodeTokenServices,
  agentId: string,
  nodeKey: string,
): Promise<Asker | undefined> {
  const node = await nodeByKey.first(store.read, { key: Number(nodeKey) });
  if (node?.agent_id !== agentId) return undefined;
  const pool = await poolByKey.first(store.read, { key: node.pool_key });
  const handle = pool && account(pool.account_key);
  return handle && { account: handle, node, path: `/pools/${pool.id}/nodes/${node.id}` };
}

/** Those that have been deleted since the node came are no more. */
async function identitiesOf(c: Connection, node: NodeRow): Promise<IdentityPrincipal[]> {
  const rows = await Promise.all(
    poolIdentitiesOf(node).map(({ identityKey }) => identityByKey.first(c, { key: identityKey })),
  );
  return rows.flatMap((row) => {
    if (row === undefined) return [];
    const identity = identityOf(row);
    return [{ ...identity, resourceId: identityScope(identity) }];
  });
}

function refusal({ id }: Ask, error: string, description: string): Answer {
  return { t: "identity.refused", id, status: 400, error, description };
}

/** The caller is the identity; a refused task has none, and is known by its node. */
function audit(
  { journal, clock }: NodeTokenServices,
  { account, path }: Asker,
  { resource, identity: name }: Ask,
  identity: IdentityPrincipal | undefined,
  missing?: string,
): void {
  const asked = new URLSearchParams({ resource, ...(name && { [name.by]: name.value }) });
  const request = {
    requestId: randomUUID(),
    at: clock(),
    caller: {
      tenantId: account.tenantId,
      principalId: identity?.principalId ?? null,
      principalType: "ServicePrincipal" as const,
      appId: identity?.clientId ?? null,
    },
    plane: "imds" as const,
    operation: "Identity_Token",
    scope: accountScope(account),
    target: `${path}?${asked}`,
  };
  journal.directory(request, missing === undefined ? 200 : 400, missing);
}
