import { afterEach, beforeEach, expect, test } from "vitest";
import { BATCH_PERMISSIONS } from "../../wire/rbac/batch-permissions.ts";
import {
  ACCOUNT,
  type AccessFixture,
  openAccessFixture,
  SERVICE_PRINCIPAL_ID,
  TENANT_ID,
} from "./access.fixture.ts";
import { Denials } from "./denials.ts";
import type { DeniedRequest } from "./judged-request.ts";

const DAY_MS = 86_400_000;

let fixture: AccessFixture;
let now: number;
const lines: string[] = [];
const opened: Denials[] = [];
const open = () => {
  const denials = new Denials(
    fixture.store,
    () => now,
    (line) => void lines.push(line),
  );
  opened.push(denials);
  return denials;
};

beforeEach(async () => {
  fixture = await openAccessFixture();
  now = 10 * DAY_MS;
});
afterEach(async () => {
  // What is pending would be written later, into a store that is closed by then.
  for (const denials of opened.splice(0)) await denials.close();
  await fixture.close();
  expect(lines).toEqual([]);
});

const denied = (requestId: string, considered = 1): DeniedRequest => ({
  requestId,
  at: now,
  caller: {
    tenantId: TENANT_ID,
    principalId: SERVICE_PRINCIPAL_ID,
    principalType: "ServicePrincipal",
    appId: "app",
  },
  plane: "batch",
  operation: "Pool_Add",
  scope: ACCOUNT,
  target: "/pools",
  denial: {
    missing: BATCH_PERMISSIONS["pools/write"],
    considered: Array.from({ length: considered }, (_, i) => ({
      assignmentId: `a${i}`,
      scope: "/".padEnd(400, "x"),
      roleName: "Reader",
      why: "not-granted" as const,
    })),
    builtInRoles: ["Contributor"],
  },
});

test("a denial is found at once, and after a restart", async () => {
  const denials = open();
  denials.remember(denied("r1"));
  const atOnce = await denials.find("r1");
  expect(atOnce).toMatchObject({
    operation: "Pool_Add",
    missing: { name: "Microsoft.Batch/batchAccounts/pools/write" },
  });
  await denials.close();
  expect(await open().find("r1")).toEqual(atOnce);
  expect(await open().find("r2")).toBeUndefined();
});

test("a denial is forgotten after a day", async () => {
  const denials = open();
  denials.remember(denied("r1"));
  await denials.close();
  now += DAY_MS;
  expect(await denials.find("r1")).toBeUndefined();
});

test("what one denial takes is bounded, and says how much it leaves out", async () => {
  const denials = open();
  denials.remember(denied("r1", 50));
  const found = await denials.find("r1");
  expect(JSON.stringify(found).length).toBeLessThan(10_000);
  expect(found?.considered.length).toBeGreaterThan(0);
  expect((found?.considered.length ?? 0) + (found?.unlisted ?? 0)).toBe(50);
});

test("a flood leaves the newest of each second and no more than the table may hold", async () => {
  for (let second = 0; second < 6; second++) {
    const denials = open();
    for (let i = 0; i < 1_500; i++) denials.remember(denied(`${second}-${i}`, 0));
    await denials.close();
  }
  const denials = open();
  expect(await denials.find("0-0")).toBeUndefined();
  expect(await denials.find("1-0")).toBeDefined();
  expect(await denials.find("5-999")).toBeDefined();
  expect(await denials.find("5-1000")).toBeUndefined();
});
