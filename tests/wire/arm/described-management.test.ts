/**
 * Every request that the API descriptions of `Microsoft.Batch` give as an example, sent to a running service in its own api-version, the account and
 * the pool that it speaks of being there: answered as the example says, or refused for a reason that stands here. 2025-06-01, of which no
 * examples are at hand, is sent those of 2024-07-01.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operationsOf, type Swagger } from "../../../tools/swagger.ts";
import { ArmClient } from "../arm-client.fixture.ts";
import type { Json } from "../batch-client.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const specs = process.env.BATCHYARD_SPECS;
if (specs === undefined) console.warn("SKIPPED: the descriptions' examples (BATCHYARD_SPECS is not set)");
const FOLDER = "specification/batch/resource-manager/Microsoft.Batch/stable";

/** With how many examples there are, and how many are answered as they say. */
const SENT = [
  ["2021-01-01", "2021-01-01", 62, 47],
  ["2024-07-01", "2024-07-01", 81, 66],
  ["2024-07-01", "2025-06-01", 81, 61],
] as const;

/** What of the examples is refused, and why that is right. */
const REFUSED: readonly RegExp[] = [
  // Nothing was uploaded, and the default version is of no package.
  /^409 ApplicationPackageBlobNotFound: ApplicationPackage_Activate /,
  /^400 InvalidRequestContent: Application_Update .*defaultVersion/,
  // The certificate's data is made unreadable in the examples, so that nobody has it.
  /^400 InvalidPropertyValue: Certificate_(Create|Update) /,
  /^404 CertificateNotFound: Certificate_(Get|CancelDeletion) /,
  // Pools that name certificates, or words that stand for settings of an extension.
  /^400 InvalidPropertyValue: Pool_(Create|Update) \((CreatePool - (Full CloudService|VirtualMachine)Configuration|UpdatePool - Other Properties)/,
  // There are no private endpoints and no perimeters; the link is named after its kind.
  /^404 ResourceNotFound: (PrivateLinkResource_Get|PrivateEndpointConnection_|NetworkSecurityPerimeter_)/,
  // Properties that the compatibility page names.
  /^501 /,
];

/** What 2025-06-01 dropped. */
const DROPPED: readonly RegExp[] = [
  /^404 InvalidResourceType: Certificate_/,
  /^400 InvalidRequestBody: Pool_Create \(CreatePool - (ResourceTags|(Full )?VirtualMachineConfiguration)/,
];

interface Request {
  readonly id: string;
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: Json;
  readonly body: Json | undefined;
  readonly statuses: readonly string[];
}

const parsed = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;
const OTHERS = /(?<=subscriptions\/)(subid|[0-9a-f-]{36}|12345678-1234-1234-1234-123456789012)/g;

function requestsOf(version: string): readonly Request[] {
  return ["BatchManagement.json", "NetworkSecurityPerimeter.json"].flatMap((name) => {
    const file = join(specs ?? "", FOLDER, version, name);
    if (!existsSync(file)) return [];
    return operationsOf(parsed<Swagger>(file)).flatMap(({ method, path, operation }) =>
      Object.entries(operation["x-ms-examples"] ?? {}).flatMap(([title, { $ref }]) => {
        const example = join(dirname(file), $ref);
        if (!existsSync(example)) return [];
        // Its resources lie in the subscription that is here.
        const text = readFileSync(example, "utf8").replace(OTHERS, SUBSCRIPTION);
        const { parameters, responses } = JSON.parse(text) as { parameters: Json; responses: object };
        const filled = path.replace(/\{(\w+)\}/g, (_, key: string) =>
          encodeURIComponent(key === "subscriptionId" ? SUBSCRIPTION : (parameters[key] ?? "x")),
        );
        const query = Object.entries(parameters)
          .filter(([key]) => key.startsWith("$"))
          .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
          .join("&");
        const body = operation.parameters?.find((one: Json) => one.in === "body");
        return [
          {
            id: operation.operationId,
            title,
            method,
            path: query === "" ? filled : `${filled}?${query}`,
            parameters,
            body: body && parameters[body.name],
            statuses: Object.keys(responses),
          },
        ];
      }),
    );
  });
}

let service: RunningService;
let arm: ArmClient;
beforeAll(async () => {
  const owner = {
    principal: applications.owner.clientId,
    role: "Owner",
    scope: `/subscriptions/${SUBSCRIPTION}`,
  };
  const roleAssignments = [...contosoSeed.roleAssignments, owner];
  service = await runningService({ seed: { ...contosoSeed, roleAssignments } });
  arm = await ArmClient.signIn(service, applications.owner);
  await put(GROUP, { location: "japaneast" }, "2021-04-01");
  const standing = { sku: { name: "Standard_LRS" }, kind: "StorageV2", location: "japaneast" };
  await put(STORAGE, standing, "2023-01-01");
  const identities = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
  for (const name of ["id1", "id2"])
    await put(`${identities}/${name}`, { location: "japaneast" }, "2023-01-31");
});
afterAll(() => service?.close());

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/default-azurebatch-japaneast`;
const ACCOUNT = `${GROUP}/providers/Microsoft.Batch/batchAccounts/sampleacct`;
const STORAGE = `${GROUP}/providers/Microsoft.Storage/storageAccounts/samplestorage`;

const put = (path: string, body: object, version = "2024-07-01") => arm.send("PUT", path, { version, body });
const get = (path: string) => arm.send("GET", path, { version: "2024-07-01" });
const gone = async (path: string) => {
  await arm.send("DELETE", path, { version: "2024-07-01" });
  await eventually(`${path} to go`, async () => (await get(path)).status === 404);
};
/** What an example before ended goes first. */
const isThere = async (path: string) => {
  const { status, json } = await get(path);
  if (status !== 200) return false;
  if (json.properties.provisioningState === "Succeeded") return true;
  await gone(path);
  return false;
};

/** What the example speaks of is there; what it makes is not. */
async function arrange({ id, parameters }: Request): Promise<void> {
  const makesAccount = id === "BatchAccount_Create";
  if (makesAccount) await gone(ACCOUNT);
  else if (!(await isThere(ACCOUNT)))
    await put(ACCOUNT, {
      location: "japaneast",
      properties: { autoStorage: { storageAccountId: STORAGE } },
    });
  const { applicationName, versionName, poolName } = parameters;
  const application = `${ACCOUNT}/applications/${applicationName}`;
  if (applicationName && id !== "Application_Create") await put(application, {});
  if (id === "Application_Delete") await gone(`${application}/versions/1`);
  if (versionName && id !== "ApplicationPackage_Create")
    await put(`${application}/versions/${versionName}`, {});
  if (!poolName) return;
  const pool = `${ACCOUNT}/pools/${poolName}`;
  if (id === "Pool_Create") return gone(pool);
  const image = { publisher: "debian", offer: "debian-12", sku: "12" };
  const virtualMachineConfiguration = { imageReference: image, nodeAgentSkuId: "batch.node.debian 12" };
  const deploymentConfiguration = { virtualMachineConfiguration };
  if (!(await isThere(pool)))
    await put(pool, { properties: { vmSize: "STANDARD_D4", deploymentConfiguration } });
}

/** Nobody is to wait for nodes here, and a password is to be one that can be searched for. */
function prepared(body: object): object {
  return JSON.parse(
    JSON.stringify(body, (key, value: unknown) =>
      key === "password" ? "Ex4mple-of-a-secret!" : key === "targetDedicatedNodes" ? 0 : value,
    ),
  );
}

describe.skipIf(!specs).each(SENT)("examples of %s, as %s", (described, version, sent, asSaid) => {
  test("are answered as they say, or refused for what is said here", { timeout: 300_000 }, async () => {
    const requests = requestsOf(described);
    const others: string[] = [];
    for (const request of requests) {
      await arrange(request);
      const { method, path, body, statuses, id, title } = request;
      const reply = await arm.send(method, path, { version, body: body && prepared(body) });
      if (!statuses.includes(String(reply.status)))
        others.push(
          `${reply.status} ${reply.json?.error?.code}: ${id} (${title}) ${String(reply.json?.error?.message).split("\n")[0]}`,
        );
    }
    const reasons = version === described ? REFUSED : [...REFUSED, ...DROPPED];
    expect(others.filter((line) => !reasons.some((reason) => reason.test(line)))).toEqual([]);
    expect([requests.length, requests.length - others.length]).toEqual([sent, asSaid]);
  });
});
