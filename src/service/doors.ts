/** Last stage: opens the ports, tells agents and other programs of this machine where they are, and lets the loops run. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ServiceEndpoints, ServiceFile } from "../client/service-endpoints.ts";
import { hostOfBind } from "../http/bind-names.ts";
import type { CertificateAuthority } from "../http/certificate-authority.ts";
import type { Planes } from "../http/dispatch.ts";
import type { Handler } from "../http/exchange.ts";
import type { HostAllowList } from "../http/host-allow-list.ts";
import { serverCertificates } from "../http/leaf.ts";
import { openSocketDoor } from "../planes/node/socket-door.ts";
import { strangerAt } from "../planes/node/stranger.ts";
import { agentRoutes, openListeners, serviceEndpoints, serviceReach } from "./listeners.ts";
import type { PlaneParts } from "./planes.ts";
import { version } from "./product.ts";
import type { Stage } from "./stage.ts";

export interface DoorParts extends PlaneParts {
  readonly planes: Planes;
  readonly pages: Handler;
  readonly authority: CertificateAuthority;
  readonly hosts: HostAllowList;
}

export async function openDoors(stage: Stage, parts: DoorParts): Promise<ServiceEndpoints> {
  const { options, undo } = stage;
  const { state, identity, work, addresses, planes, pages, hosts, authority } = parts;
  const listeners = await openListeners(options, planes, pages, {
    hosts,
    certificates: serverCertificates(authority, hosts, state.clock.machine),
    hub: work.hub,
    accounts: identity.accounts,
    trouble: () => (state.store.isFull ? "the disk is full" : undefined),
    onAccounts: () => addresses.changed(),
    onMetadataRefused: (target, socket) => {
      const stranger = {
        operation: "Metadata_Request",
        target: `CONNECT ${target}`,
        ...strangerAt(socket),
      } as const;
      void identity.identityRequests.ofStranger(
        stranger,
        403,
        "There is no metadata service outside of nodes.",
      );
    },
  });
  addresses.fill(listeners);
  undo.push(() => listeners.close());
  undo.push(() => work.hub.close());

  const socket = work.compute.name === "local" ? await openAgentDoor(stage, parts) : undefined;
  tellAgents(stage, parts, socket);
  undo.push(() => work.compute.close());
  work.compute.onChange(() => work.loops.nodes());
  work.loops.start(work.app, work.management);
  identity.upkeep.start();
  undo.push(() => identity.upkeep.close());
  undo.push(() => work.loops.close());
  return publish(stage, parts);
}

/** For agents of this machine, at half of what TLS costs. @returns the socket's path */
async function openAgentDoor(
  { undo }: Stage,
  { state, work, hosts }: DoorParts,
): Promise<string | undefined> {
  const door = await openSocketDoor(resolve(state.folder, "agents.sock"), agentRoutes(hosts, work.hub));
  if (door !== undefined) undo.push(() => door.close());
  return door?.path;
}

/** Configures agents now, and again whenever the addresses change. */
function tellAgents(
  { options, log }: Stage,
  { work, identity, addresses, authority }: DoorParts,
  socket: string | undefined,
): void {
  const { compute, management } = work;
  const { listeners } = addresses;
  const host = compute.name === "local" ? undefined : hostOfBind(options.bind);
  if (compute.name === "slurm" && host === undefined)
    log(
      "Slurm: on loopback, only agents on this machine reach the service; --bind ADDRESS is for the others",
    );
  const configure = () =>
    compute.configure({
      url: `wss://${urlHost(host ?? "localhost")}:${listeners.main.port}/agent`,
      ...(socket !== undefined && { socket }),
      caFile: authority.caFile,
      reach: {
        ...serviceReach(authority, listeners, identity.accounts, management.storage),
        ...(host !== undefined && { host }),
      },
      nodePaths: options.nodePaths ?? [],
      ...(options.nodeDiskBytes !== undefined && { nodeDiskBytes: options.nodeDiskBytes }),
      trustedOrigins: options.trustedOrigins ?? [],
      localRegistries: options.localRegistries ?? [],
    });
  configure();
  addresses.whenChanged(configure);
}

/** Writes `service.json` now, and again whenever the addresses change; it is there while the service runs. */
function publish(
  { undo }: Stage,
  { state, work, identity, addresses, authority }: DoorParts,
): ServiceEndpoints {
  const startedAt = state.clock.now();
  const path = join(state.folder, "service.json");
  const write = () => {
    const { storage } = work.management;
    const { listeners, portal } = addresses;
    const endpoints = serviceEndpoints(authority, listeners, identity.accounts, storage, portal);
    const file: ServiceFile = { ...endpoints, pid: process.pid, version, startedAt };
    writePrivate(path, file);
    return endpoints;
  };
  const endpoints = write();
  addresses.whenChanged(write);
  undo.push(() => rmSync(path, { force: true }));
  return endpoints;
}

function urlHost(name: string): string {
  return name.includes(":") ? `[${name}]` : name;
}

function writePrivate(file: string, value: object): void {
  // Written beside and renamed: an agent may read it at this moment.
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
