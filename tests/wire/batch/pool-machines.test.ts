/** Pools of machines that there are not: refused by name, or told as the resize's error. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasCommandPrompt } from "../../../src/compute/command-prompt.ts";
import type { Json } from "../batch-client.fixture.ts";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

const OLD = "2020-09-01.12.0";
const ELSEWHERE = "/subscriptions/00000000-0000-0000-0000-00000000000f/resourceGroups/g/providers";
let service: ClockedService;

beforeAll(async () => {
  service = await clockedService();
});
afterAll(() => service?.close());

const debian = { publisher: "debian", offer: "debian-12", sku: "12" };
const machine = (imageReference: object, nodeAgentSKUId = "batch.node.debian 12") => ({
  virtualMachineConfiguration: { imageReference, nodeAgentSKUId },
});
const subnetId = `${ELSEWHERE}/Microsoft.Network/virtualNetworks/v/subnets/s`;
const virtualMachineImageId = `${ELSEWHERE}/Microsoft.Compute/images/i`;

async function refused(body: object, version?: string): Promise<string> {
  const { status, body: error } = await service.batch(
    "POST",
    "/pools",
    { ...poolOf("p", 0), ...body },
    version,
  );
  const named = (key: string) => error.values?.find((value: Json) => value.key === key)?.value;
  expect(named("Reason")).toBeTruthy();
  return `${status} ${error.code} ${named("PropertyName")} ${named("PropertyValue")}`;
}

test("sizes, images and node agents that are none are refused by name", async () => {
  for (const vmSize of ["nonsense", "small", "STANDARD_A0", "STANDARD_DS64_v3"])
    expect(await refused({ vmSize })).toBe(`400 InvalidPropertyValue vmSize ${vmSize}`);
  expect(await refused(machine({ publisher: "a", offer: "b", sku: "c" }))).toBe(
    "400 InvalidPropertyValue imageReference a:b:c",
  );
  for (const agent of ["batch.node.ubuntu 22.04", "batch.node.windows amd64", "none"])
    expect(await refused(machine(debian, agent))).toBe(`400 InvalidPropertyValue nodeAgentSKUId ${agent}`);
  const { status } = await service.batch("HEAD", "/pools/p");
  expect(status).toBe(404);
});

test("what lies in another subscription is refused, a job's own pool included", async () => {
  const network = { networkConfiguration: { subnetId } };
  expect(await refused(network)).toBe(`400 InvalidPropertyValue subnetId ${subnetId}`);
  const services = {
    vmSize: "small",
    virtualMachineConfiguration: undefined,
    cloudServiceConfiguration: { osFamily: "5" },
  };
  expect(await refused({ ...services, ...network }, OLD)).toBe(`403 Forbidden subnetId ${subnetId}`);
  expect(await refused(machine({ virtualMachineImageId }))).toBe(
    `400 InvalidPropertyValue virtualMachineImageId ${virtualMachineImageId}`,
  );
  const { id: _id, ...pool } = poolOf("", 0) as { id: string };
  const poolInfo = {
    autoPoolSpecification: { poolLifetimeOption: "job", pool: { ...pool, vmSize: "nonsense" } },
  };
  const { status, body } = await service.batch("POST", "/jobs", { id: "j", poolInfo });
  expect([status, body.code]).toEqual([400, "InvalidPropertyValue"]);
});

test.skipIf(hasCommandPrompt([]))(
  "a pool that asks for Windows is there, and says why it gets no nodes",
  async () => {
    const windows = machine(
      { publisher: "MicrosoftWindowsServer", offer: "WindowsServer", sku: "2022-Datacenter" },
      "batch.node.windows amd64",
    );
    expect((await service.batch("POST", "/pools", { ...poolOf("w", 1), ...windows })).status).toBe(201);
    const { body } = await until(
      "the end of the resize",
      () => service.batch("GET", "/pools/w"),
      ({ body }) => body.allocationState === "steady",
    );
    expect(body).toMatchObject({ targetDedicatedNodes: 1, currentDedicatedNodes: 0 });
    expect(body.resizeErrors).toEqual([
      {
        code: "AllocationFailed",
        message: expect.any(String),
        values: [{ name: "Reason", value: expect.stringContaining("Linux") }],
      },
    ]);
  },
);
