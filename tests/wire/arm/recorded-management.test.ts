/** What recorded replies of the service show of management: quotas, what can be done with the provider, spellings, refusals. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { applications, contosoSeed, LOCATION, SUBSCRIPTION } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const NEWEST = "2024-07-01";
const ACCOUNTS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts`;
let service: RunningService;
let arm: ArmClient;

beforeAll(async () => {
  service = await runningService({ seed: contosoSeed, accountsPerLocation: 2 });
  arm = await ArmClient.signIn(service, applications.contributor);
});
afterAll(() => service?.close());

const putAccount = (name: string, properties: object, location = LOCATION) =>
  arm.send("PUT", `${ACCOUNTS}/${name}`, { version: NEWEST, body: { location, properties } });

test("a location's quota of accounts is told and kept", async () => {
  const quotas = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Batch/locations/${LOCATION}/quotas`;
  expect((await arm.send("GET", quotas, { version: NEWEST })).json).toEqual({ accountQuota: 2 });
  const third = await putAccount("third", {});
  expect(outcome(third)).toBe("409 SubscriptionQuotaExceeded");
  expect(third.json.error.target).toBe("BatchAccount");
  expect((await putAccount("elsewhere", {}, "northeurope")).status).toBe(202);
});

test("the provider's operations come in its own words and order, 50 of them in 2020", async () => {
  const at = async (version: string) =>
    (await arm.send("GET", "/providers/Microsoft.Batch/operations", { version })).json.value;
  const of2020 = await at("2020-05-01");
  expect(of2020).toHaveLength(50);
  expect(of2020[0]).toMatchObject({
    name: "Microsoft.Batch/batchAccounts/providers/Microsoft.Insights/diagnosticSettings/read",
    display: {
      provider: "Microsoft Batch",
      resource: "Batch Accounts",
      operation: "Read diagnostic setting",
    },
    isDataAction: false,
    origin: "system",
  });
  expect(of2020[4]).toMatchObject({ name: "Microsoft.Batch/batchAccounts/jobs/read", isDataAction: true });
  const now = await at(NEWEST);
  expect(now.slice(0, 50)).toEqual(of2020);
  expect(now.map(({ name }: { name: string }) => name)).toContain(
    "Microsoft.Batch/batchAccounts/detectors/read",
  );
});

test("a pool's size is spelled by the service", async () => {
  const machine = {
    virtualMachineConfiguration: {
      imageReference: { publisher: "debian", offer: "debian-12", sku: "12", version: "latest" },
      nodeAgentSkuId: "batch.node.debian 12",
    },
  };
  const sizeOf = async (name: string, vmSize: string, deploymentConfiguration: object, version = NEWEST) => {
    const body = { properties: { vmSize, deploymentConfiguration } };
    const made = await arm.send("PUT", `${ACCOUNTS}/first/pools/${name}`, { version, body });
    return made.json.properties.vmSize;
  };
  expect(await sizeOf("machines", "Standard_D2s_v3", machine)).toBe("STANDARD_D2S_V3");
  const services = { cloudServiceConfiguration: { osFamily: "5" } };
  expect(await sizeOf("services", "small", services, "2020-05-01")).toBe("Small");
});

test("an account of a user's own subscription needs a vault, by its resource id", async () => {
  const none = await putAccount("own", { poolAllocationMode: "UserSubscription" }, "northeurope");
  expect(outcome(none)).toBe("400 InvalidRequestBody");
  expect(none.json.error.message).toMatch(/^The specified Request Body is not syntactically valid\./);
  expect(none.json.error.details).toEqual([
    { code: "Reason", message: expect.stringMatching(/^keyVaultReference must/) },
  ]);
  const keyVaultReference = { id: "abc", url: "def" };
  const wrong = await putAccount(
    "own",
    { poolAllocationMode: "UserSubscription", keyVaultReference },
    "northeurope",
  );
  expect(outcome(wrong)).toBe("400 LinkedInvalidPropertyId");
  expect(wrong.json.error.message).toMatch(
    /^Property id 'abc' at path 'properties\.keyVaultReference\.id' is invalid\. Expect fully qualified resource Id that start with/,
  );
});
