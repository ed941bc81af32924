/**
 * The composition root: the stages in which a service starts, each in a file of `service/`, and their undoing in the opposite order.
 *
 *   state ──▶ identity ──▶ work ──▶ planes ──▶ doors
 */
import { readCredentials } from "./app/seed/first-start.ts";
import type { ReadyLine } from "./client/service-endpoints.ts";
import { isLoopback, namesOfBind } from "./http/bind-names.ts";
import { openCertificateAuthority } from "./http/certificate-authority.ts";
import { hostAllowList } from "./http/host-allow-list.ts";
import { Addresses } from "./service/addresses.ts";
import { openDoors } from "./service/doors.ts";
import { openIdentity } from "./service/identity.ts";
import { openPlanes } from "./service/planes.ts";
import { type Service, type ServiceOptions, startError } from "./service/service-options.ts";
import type { Stage, Undo } from "./service/stage.ts";
import { openState } from "./service/state.ts";
import { openWork } from "./service/work.ts";

export { type Service, type ServiceOptions, StartError } from "./service/service-options.ts";

/**
 * Starts a service on its data folder.
 * @throws StartError with one clear line: a port in use, a folder that cannot be written, a second service on the folder.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const undo: Undo = [];
  const close = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    return { ready: await start({ options, undo, log: options.log }), close };
  } catch (error) {
    await close();
    throw startError(error, options);
  }
}

async function start(stage: Stage): Promise<ReadyLine> {
  const { bind } = stage.options;
  const hosts = hostAllowList(namesOfBind(bind));
  const addresses = new Addresses(isLoopback(bind), hosts.localNames);
  const state = await openState(stage);
  const authority = openCertificateAuthority(state.folder, state.clock.machine());
  const identity = await openIdentity(stage, state);
  const work = await openWork(stage, { state, identity, authority, addresses });
  const parts = { state, identity, work, addresses };
  const planes = openPlanes(stage, parts);
  const endpoints = await openDoors(stage, { ...parts, ...planes, authority, hosts });
  const accountKey = Buffer.from(identity.accounts.first.keys[0]).toString("base64");
  return { ready: true, ...endpoints, nodes: work.nodes, ...readCredentials(state.folder), accountKey };
}
