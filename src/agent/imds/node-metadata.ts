/** The endpoints of one node's host, each with its guard where the pool has the metadata security protocol. */
import type { Socket } from "node:net";
import type { MetadataCaller } from "../../core/lifecycle/metadata-security.ts";
import type { MetadataEndpoint, NodeSpec } from "../../wire/agent/messages.ts";
import { NodeFault } from "../node-fault.ts";
import { METADATA_ADDRESS, type NodeHost } from "../node-host.ts";
import type { NodeInit } from "../node-init.ts";
import type { NodeUsers } from "../node-users.ts";
import { rangesHere } from "../sandbox/sandbox-ids.ts";
import { ConnectionOwners } from "./connection-owner.ts";
import { EndpointGuard, type EndpointGuardOptions } from "./endpoint-guard.ts";
import type { IdentityTokens } from "./identity-tokens.ts";
import type { NodeNetwork } from "./instance-metadata.ts";
import { MetadataServer } from "./metadata-server.ts";
import { WireServer } from "./wire-server.ts";

/** Azure's host agent, as every client knows it. */
const WIRE_SERVER_ADDRESS = "168.63.129.16:80";

export interface NodeMetadataOptions {
  readonly spec: NodeSpec;
  readonly host: Pick<NodeHost, "requestLog">;
  readonly tokens: IdentityTokens;
  readonly network: NodeNetwork;
  readonly init: Pick<NodeInit, "pid" | "listen">;
  readonly users: NodeUsers;
}

export class NodeMetadata {
  readonly #options: NodeMetadataOptions;
  readonly #metadata: MetadataServer;
  readonly #wireServer: WireServer | undefined;

  constructor(options: NodeMetadataOptions) {
    this.#options = options;
    const { spec, host, tokens, network, init, users } = options;
    const { nodeKey, nodeId, isDedicated, instance: facts, metadataSecurity } = spec;
    const owners = new ConnectionOwners(init.pid);
    const callerOf = async (socket: Socket): Promise<MetadataCaller> => {
      const owner = await owners.of(socket);
      return { user: owner && users.named(owner.user), program: owner?.program };
    };
    const guardOf = (endpoint: MetadataEndpoint): EndpointGuard | undefined => {
      const mode = metadataSecurity?.[endpoint];
      if (mode === undefined) return undefined;
      const onAudited: EndpointGuardOptions["onAudited"] = (kind, make) =>
        host.requestLog.audited(nodeKey, kind, make);
      return new EndpointGuard({ endpoint, mode, callerOf, onAudited });
    };
    this.#metadata = new MetadataServer({
      tokens,
      instance: facts && { nodeId, isDedicated, facts, network },
      onRefused: (kind, make) => host.requestLog.refused(nodeKey, kind, make),
      guard: guardOf("imds"),
    });
    const wireGuard = guardOf("wireServer");
    this.#wireServer = wireGuard && new WireServer(wireGuard);
  }

  /** At their addresses inside the node's sandbox. */
  async serveInside(): Promise<void> {
    const { init } = this.#options;
    this.#metadata.serveInside(await init.listen(METADATA_ADDRESS));
    this.#wireServer?.serveInside(await init.listen(WIRE_SERVER_ADDRESS));
  }

  /** On a port of this machine. @returns what the node's tasks are to find in their environment */
  serveBeside(): Promise<readonly (readonly [name: string, value: string])[]> {
    return this.#metadata.serveBeside();
  }

  close(): void {
    const { host, spec } = this.#options;
    this.#metadata.close();
    this.#wireServer?.close();
    host.requestLog.close(spec.nodeKey);
  }
}

/** @throws NodeFault `IsolationUnavailable` for a node that is to look at who asks, and could not tell its users apart */
export function checkUsersTold(
  { metadataSecurity }: Pick<NodeSpec, "metadataSecurity">,
  isolation: "namespace" | "process",
): void {
  if (metadataSecurity === undefined || (isolation === "namespace" && rangesHere())) return;
  throw new NodeFault(
    "IsolationUnavailable",
    "The pool's proxyAgentSettings say that it is looked at who asks, and this node could not tell its users apart: it is a process of this machine, or its agent has no ids to give them.",
  );
}
