/**
 * The types walked: in each api-version of pools, every property that its types let one write is sent, in units of what belongs together, and comes
 * back as it was sent; or it is refused by name, which stands in a list here with its reason. What a version's types do not have it does not take.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchTypes, isReadOnly, isWriteOnly, modelOf } from "../../guards/types-walk.fixture.ts";
import { ArmClient } from "../arm-client.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { send } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { POOL_UNITS, REFUSED } from "./pool-units.fixture.ts";

type Json = Record<string, unknown>;

const folder = process.env.BATCHYARD_SPECS ?? "";
if (folder === "") console.warn("SKIPPED: types of pools; BATCHYARD_SPECS names no folder");
const types = folder === "" ? undefined : new BatchTypes(folder);
const POOLS = "Microsoft.Batch/batchAccounts/pools";
const versions = types?.versionsOf(POOLS) ?? [];
const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/first`;

let service: RunningService;
let token: string;
beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  token = await ArmClient.tokenOf(service, applications.contributor, "https://management.azure.com/");
});
afterAll(() => service?.close());

const ask = (method: string, name: string, version: string, body?: object) =>
  send(
    { main: { port: Number(new URL(service.ready.management).port) }, ca: service.ca },
    {
      method,
      path: `${ACCOUNT}/pools/${name}?api-version=${version}`,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    },
  );

/** Never shown, whatever the types say of them. */
const SECRET = new Set(["password", "accountKey", "sshPrivateKey"]);
/** About the one resize, and so shown by no version of the service. */
const UNSHOWN = new Set(["nodeDeallocationOption"]);

/** What of the value the version's types have; undefined when that is nothing. */
function known(value: unknown, model: string, version: string, writeOnly = true): unknown {
  const properties = types?.model(model, version) ?? {};
  const kept = Object.entries(value as Json).flatMap(([name, part]) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined || isReadOnly(property) || (!writeOnly && isWriteOnly(property))) return [];
    const below = modelOf(property);
    if (!writeOnly && (SECRET.has(name) || UNSHOWN.has(name))) return [];
    const isOpen = below === undefined || types?.model(below, version) === undefined;
    const of = (each: unknown) => (isOpen ? each : known(each, below, version, writeOnly));
    const shown = Array.isArray(part) ? part.map(of).filter((each) => each !== undefined) : of(part);
    const isNothing = shown === undefined || (Array.isArray(shown) && shown.length === 0);
    return isNothing ? [] : [[name, shown] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function merged(base: Json, more: Json): Json {
  const all: Json = { ...base };
  for (const [name, value] of Object.entries(more)) {
    const there = all[name];
    const isObject = (each: unknown) => typeof each === "object" && each !== null && !Array.isArray(each);
    all[name] = isObject(there) && isObject(value) ? merged(there as Json, value as Json) : value;
  }
  return all;
}

const BASE: Json = {
  vmSize: "STANDARD_D2S_V3",
  deploymentConfiguration: {
    virtualMachineConfiguration: {
      imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
      nodeAgentSkuId: "batch.node.debian 12",
    },
  },
};

test.skipIf(folder === "").each(versions)("a pool of %s", { timeout: 120_000 }, async (version) => {
  const model = modelOf(types?.model(POOLS, version)?.properties ?? {}) ?? "";
  const readable = Object.keys(types?.model(model, version) ?? {});
  const differences: string[] = [];
  for (const [unit, { value, isWhole = false, needs }] of Object.entries(POOL_UNITS)) {
    const wanted = known(value, model, version) as Json | undefined;
    if (wanted === undefined || !hasLeaf(wanted)) continue;
    if (needs !== undefined && !JSON.stringify(wanted).includes(`"${needs}"`)) continue;
    const name = `${unit}-${version}`;
    const made = await ask("PUT", name, version, { properties: isWhole ? wanted : merged(BASE, wanted) });
    if (made.status !== 200) {
      const refusal = `${made.status} ${made.json?.error?.code}`;
      if (REFUSED[unit]?.outcome !== refusal) differences.push(`${unit}: ${refusal} ${made.text}`);
      continue;
    }
    if (REFUSED[unit] !== undefined) differences.push(`${unit} is not refused`);
    const { properties } = made.json as { properties: Json };
    try {
      expect(properties).toMatchObject(known(value, model, version, false) as Json);
    } catch (error) {
      differences.push(`${unit}: ${(error as Error).message}\n${JSON.stringify(properties)}`);
    }
    const foreign = Object.keys(properties).filter((shown) => !readable.includes(shown));
    if (foreign.length > 0) differences.push(`${unit} shows ${foreign}, which ${version} does not have`);
    await ask("DELETE", name, version);
  }
  expect(differences).toEqual([]);
});

test("what a version's types do not have yet is refused, and not taken in silence", async () => {
  const later = merged(BASE, {
    deploymentConfiguration: { virtualMachineConfiguration: { osDisk: { caching: "None" } } },
  });
  const refused = await ask("PUT", "later", "2020-09-01", { properties: later });
  expect([refused.status, refused.json.error.code]).toEqual([400, "InvalidRequestBody"]);
  expect(refused.text).toContain("osDisk");
});

/** Of a unit of which a version has only the frame, nothing is sent. */
const hasLeaf = (value: unknown): boolean =>
  typeof value !== "object" || value === null || Object.values(value).some(hasLeaf);
