/**
 * What the newest api-versions added and dropped, thing by thing: acted on or kept and shown, or refused by name; unknown to the version
 * before, or gone and still there in the older ones.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

let pools = 0;
/** @param machine of the pool's virtual machines. @param more of the pool */
const pool = (machine: object, more: object = {}) => {
  const body = poolBody(`pool${++pools}`, { targetDedicatedNodes: 0 });
  return {
    ...body,
    virtualMachineConfiguration: { ...body.virtualMachineConfiguration, ...machine },
    ...more,
  };
};
const add = (version: string, body: object) => batch.send("POST", "/pools", { version, body });

/** The name that a refusal tells, after its code. */
const refusal = ({ status, json }: { status: number; json: Json }): string =>
  `${status} ${json.code} ${json.values?.find(({ key }: Json) => key === "PropertyName")?.value ?? ""}`;

const address = (value: object) => ({ networkConfiguration: { publicIPAddressConfiguration: value } });
const KEY = {
  identityReference: { resourceId: "/subscriptions/0/resourceGroups/g/providers/i" },
  keyUrl: "https://vault.example/keys/k/1",
};
const SKUS = { vmSizes: [{ name: "standard_d2s_v3" }], allocationStrategy: "lowestPrice" };
const ZONES = { maxZoneCount: 1, maxInstancePercentPerZonePolicy: { enabled: true, value: 50 } };

describe.each<[since: string, before: string, things: readonly (readonly [object, object?, string?])[]]>([
  [
    "2025-06-01",
    "2024-07-01.20.0",
    [
      [{}, { taskSchedulingPolicy: { nodeFillType: "Spread", jobDefaultOrder: "creationtime" } }],
      [{}, address({ ipFamilies: ["IPv4"] })],
      [{}, address({ ipTags: [{ ipTagType: "FirstPartyUsage", tag: "/Sql" }] })],
      [{ dataDisks: [{ lun: 0, diskSizeGB: 8, managedDisk: { storageAccountType: "premium_lrs" } }] }],
      [{ securityProfile: { proxyAgentSettings: { enabled: true, imds: { mode: "Audit" } } } }],
      [
        { diskEncryptionConfiguration: { targets: ["osdisk"], customerManagedKey: KEY } },
        {},
        "customerManagedKey",
      ],
      [
        { osDisk: { managedDisk: { diskEncryptionSet: { id: "/subscriptions/0" } } } },
        {},
        "diskEncryptionSet",
      ],
    ],
  ],
  [
    "2026-10-01",
    "2025-06-01",
    [
      [{}, { vmSize: "Mix", vmSkuProfile: SKUS }, "vmSkuProfile"],
      [{ hardwareProfile: { vmSizeProperties: { vCPUsPerCore: 1 } } }, {}, "hardwareProfile"],
      [{ placement: { zonePlacementPolicy: "Auto" } }, {}, "placement"],
      [{ resiliencyPolicy: { zoneAllocationPolicy: ZONES } }, {}, "resiliencyPolicy"],
    ],
  ],
])("what came with %s", (since, before, things) => {
  test.each(things.map(([machine, more = {}, refused]) => [machine, more, refused] as const))(
    "%j %j",
    async (machine, more, refused) => {
      const body = pool(machine, more);
      const old = await add(before, body);
      expect(refusal(old)).toMatch(/^400 InvalidRequestBody \w+$/);
      const made = await add(since, body);
      if (refused !== undefined) {
        expect(refusal(made)).toBe(`501 NotImplemented ${refused}`);
        return;
      }
      expect(made.status, made.text).toBe(201);
      const shown = async (version: string) =>
        (await batch.send("GET", `/pools/${body.id}`, { version })).json;
      expect(await shown(since)).toMatchObject({ virtualMachineConfiguration: machine, ...more });
      expect(await shown(before)).not.toMatchObject({ virtualMachineConfiguration: machine, ...more });
    },
  );
});

describe.each<
  [gone: string, last: string, things: readonly (readonly [name: string, machine: object, more?: object])[]]
>([
  [
    "2025-06-01",
    "2024-07-01.20.0",
    [
      ["resourceTags", {}, { resourceTags: { a: "b" } }],
      ["targetNodeCommunicationMode", {}, { targetNodeCommunicationMode: "simplified" }],
      ["certificateReferences", {}, { certificateReferences: [] }],
      ["storageAccountType", { dataDisks: [{ lun: 0, diskSizeGB: 8, storageAccountType: "premium_lrs" }] }],
    ],
  ],
  ["2024-07-01.20.0", "2024-02-01.19.0", [["applicationLicenses", {}, { applicationLicenses: ["maya"] }]]],
  ["2020-09-01.12.0", "2020-03-01.11.0", [["maxTasksPerNode", {}, { maxTasksPerNode: 2 }]]],
])("what went with %s", (gone, last, things) => {
  test.each(things.map(([name, machine, more = {}]) => [name, machine, more] as const))(
    "%s",
    async (name, machine, more) => {
      const body = pool(machine, more);
      expect(refusal(await add(gone, body))).toBe(`400 InvalidRequestBody ${name}`);
      const made = await add(last, body);
      expect(made.status, made.text).toBe(201);
      const said = async (version: string) =>
        (await batch.send("GET", `/pools/${body.id}`, { version })).text;
      expect(await said(gone)).not.toContain(`"${name}"`);
      expect(await said(last)).toContain(`"${name}"`);
    },
  );
});

test("words of enums came and went, each with its version", async () => {
  const encrypted = (securityEncryptionType: string) =>
    pool({
      osDisk: { managedDisk: { securityProfile: { securityEncryptionType } } },
      securityProfile: { securityType: "confidentialVM", uefiSettings: { vTpmEnabled: true } },
    });
  const newer = encrypted("DiskWithVMGuestState");
  expect(refusal(await add("2024-07-01.20.0", newer))).toBe(
    "400 InvalidPropertyValue securityEncryptionType",
  );
  expect((await add("2025-06-01", newer)).status).toBe(201);
  const both = encrypted("VMGuestStateOnly");
  expect((await add("2025-06-01", both)).status).toBe(201);
  const typeIn = async (version: string) =>
    (await batch.send("GET", `/pools/${both.id}`, { version })).json.virtualMachineConfiguration
      .securityProfile.securityType;
  expect([await typeIn("2024-07-01.20.0"), await typeIn("2025-06-01")]).toEqual([
    "confidentialVM",
    "confidentialvm",
  ]);
  const resize = (version: string) =>
    batch.send("POST", `/pools/${both.id}/resize`, {
      version,
      body: { targetDedicatedNodes: 0, nodeDeallocationOption: "retaineddata" },
    });
  expect(refusal(await resize("2026-10-01"))).toBe("400 InvalidPropertyValue nodeDeallocationOption");
  expect((await resize("2025-06-01")).status).toBe(202);
});

test("operations that went are no address of the newer version, and answer in the older", async () => {
  for (const [path, gone, last] of [
    ["/certificates", "2025-06-01", "2024-07-01.20.0"],
    ["/lifetimejobstats", "2023-05-01.17.0", "2022-10-01.16.0"],
    ["/lifetimepoolstats", "2023-05-01.17.0", "2022-10-01.16.0"],
    ["/nodeagentskus", "2019-06-01.9.0", "2018-12-01.8.0"],
  ] as const) {
    expect(refusal(await batch.send("GET", path, { version: gone })), path).toBe("400 InvalidUri ");
    expect((await batch.send("GET", path, { version: last })).status, path).toBe(200);
  }
  // Given up in all versions, and no address in the newest.
  expect(refusal(await batch.send("GET", "/poolusagemetrics", { version: "2026-10-01" }))).toBe(
    "400 InvalidUri ",
  );
});

test("a task's authentication token is unknown to 2025-06-01", async () => {
  await batch.post("/jobs", jobBody("tokens", "absent"));
  const body = taskBody("t", ":", { authenticationTokenSettings: { access: ["job"] } });
  const send = (version: string) => batch.send("POST", "/jobs/tokens/tasks", { version, body });
  expect(refusal(await send("2025-06-01"))).toBe("400 InvalidRequestBody authenticationTokenSettings");
  expect((await send("2024-07-01.20.0")).status).toBe(201);
});
