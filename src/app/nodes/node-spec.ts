/** What an agent is told about a node that it is to host. */
import { metadataSecurity } from "../../core/lifecycle/metadata-security.ts";
import { limitsOfSize, type NodeLimits } from "../../core/lifecycle/node-limits.ts";
import { endpointSpecs, isDualStack } from "../../core/pools/node-endpoints.ts";
import { isWindowsPool } from "../../core/users/pool-system.ts";
import { certificateByThumbprint } from "../../store/certificates.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { NodeRow } from "../../store/work/nodes.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import type { NodeCertificate, NodeSpec, UserAccountSpec } from "../../wire/agent/messages.ts";
import { VIRTUAL_MACHINE_SKUS } from "../../wire/arm/virtual-machine-skus.ts";
import type { PoolAddParameter, UserAccount } from "../../wire/batch/models-types.gen.ts";
import { vmSizeCores } from "../../wire/batch/vm-size-cores.ts";
import type { App } from "../app.ts";
import { packageSpecs } from "../applications/package-references.ts";
import { certificateSecret } from "../certificates/certificate.ts";
import { certificateReferencesOf } from "../certificates/certificate-references.ts";
import { mountSpec } from "../secrets/mount-secrets.ts";
import { registryAccess } from "../secrets/registry-passwords.ts";
import { instanceFacts } from "./instance-facts.ts";

/** Inside the caller's transaction: certificates may be added to the pool at any time. */
export async function nodeSpec(
  app: App,
  c: Connection,
  pool: PoolRow,
  node: Pick<NodeRow, "key" | "id" | "number" | "is_dedicated" | "identities">,
): Promise<NodeSpec> {
  const account = app.account(pool.account_key);
  const certificates = await nodeCertificates(app, c, pool);
  const spec = JSON.parse(pool.spec) as PoolAddParameter;
  const { applicationPackageReferences, userAccounts = [], mountConfiguration: mounts = [] } = spec;
  const containers = spec.virtualMachineConfiguration?.containerConfiguration;
  const registries = containers?.containerRegistries ?? [];
  const endpoints = endpointSpecs(spec, node.number);
  const security = metadataSecurity(spec);
  const packages = await packageSpecs(app, c, pool.account_key, applicationPackageReferences);
  return {
    nodeKey: String(node.key),
    nodeId: node.id,
    poolId: pool.id,
    accountName: account.name,
    isDedicated: node.is_dedicated === 1,
    isolation: app.isolation,
    ...(certificates.length > 0 && { certificates }),
    ...(packages.length > 0 && { packages }),
    ...(endpoints.length > 0 && { endpoints }),
    ...(userAccounts.length > 0 && { userAccounts: userAccounts.map(userAccountSpec(isWindowsPool(spec))) }),
    ...(containers && { containerImages: containers.containerImageNames ?? [] }),
    ...(registries.length > 0 && {
      containerRegistries: registries.map((registry) => registryAccess(app.sealing, registry)),
    }),
    ...(mounts.length > 0 && { mounts: mounts.map((mount) => mountSpec(app.sealing, mount)) }),
    ...(node.identities !== null && {
      identities: app.allowsUnisolatedIdentities ? ("anywhere" as const) : ("isolated" as const),
    }),
    ...(isDualStack(spec) && { isDualStack: true }),
    ...(security && { metadataSecurity: security }),
    ...(isOffline(pool) && { isOffline: true }),
    limits: limitsOf(pool),
    ...(account.handle && { instance: instanceFacts(account.handle, pool, node) }),
  };
}

const userAccountSpec =
  (isWindows: boolean) =>
  ({ name, elevationLevel, linuxUserConfiguration }: UserAccount): UserAccountSpec => {
    const { uid, gid } = (isWindows ? undefined : linuxUserConfiguration) ?? {};
    const isAdmin = elevationLevel === "admin";
    return { name, isAdmin, ...(uid !== undefined && gid !== undefined && { uid, gid }) };
  };

/** What a node of the pool may use at most. */
export function limitsOf({ spec }: PoolRow): NodeLimits {
  const { vmSize, taskSlotsPerNode } = JSON.parse(spec) as PoolAddParameter;
  const sku = VIRTUAL_MACHINE_SKUS.find(({ name }) => name.toLowerCase() === vmSize.toLowerCase());
  return limitsOfSize(sku?.cores ?? vmSizeCores(vmSize), sku?.memoryGb, taskSlotsPerNode ?? 1);
}

/** "Create a Batch pool without public IP addresses": its nodes have no outbound access to the internet. */
function isOffline({ spec }: PoolRow): boolean {
  const { networkConfiguration } = JSON.parse(spec) as PoolAddParameter;
  return (
    networkConfiguration?.publicIPAddressConfiguration?.provision?.toLowerCase() === "nopublicipaddresses"
  );
}

async function nodeCertificates(app: App, c: Connection, pool: PoolRow): Promise<NodeCertificate[]> {
  const certificates: NodeCertificate[] = [];
  for (const { thumbprint, visibility } of certificateReferencesOf(pool)) {
    const row = await certificateByThumbprint.first(c, {
      account_key: pool.account_key,
      thumbprint: thumbprint.toLowerCase(),
    });
    if (!row) continue;
    const seen = (who: string) => visibility?.some((name) => name.toLowerCase() === who) ?? true;
    certificates.push({
      name: `sha1-${row.thumbprint}.${row.format}`,
      ...certificateSecret(app, row),
      forStartTask: seen("starttask"),
      forTasks: seen("task"),
    });
  }
  return certificates;
}
