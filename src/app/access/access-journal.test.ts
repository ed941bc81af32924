import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Caller } from "../../wire/access/access-api.ts";
import { BATCH_PERMISSIONS } from "../../wire/rbac/batch-permissions.ts";
import {
  ACCOUNT,
  type AccessFixture,
  openAccessFixture,
  SERVICE_PRINCIPAL_ID,
  TENANT_ID,
} from "./access.fixture.ts";
import { AccessJournal } from "./access-journal.ts";
import { AuditLog } from "./audit-log.ts";
import { Denials } from "./denials.ts";
import type { JudgedRequest } from "./judged-request.ts";
import { Recordings } from "./recordings.ts";

const poolsWrite = BATCH_PERMISSIONS["pools/write"];
const keys = BATCH_PERMISSIONS["listKeys/action"];
const principal: Caller = {
  tenantId: TENANT_ID,
  principalId: SERVICE_PRINCIPAL_ID,
  principalType: "ServicePrincipal",
  appId: "app",
};
const keyHolder: Caller = { tenantId: TENANT_ID, principalId: null, principalType: "SharedKey", appId: null };
const request = (requestId: string, caller: Caller): JudgedRequest => ({
  requestId,
  at: 0,
  caller,
  plane: "batch",
  operation: "Pool_Add",
  scope: ACCOUNT,
  target: "/pools",
});

let fixture: AccessFixture;
let folder: string;
let journal: AccessJournal;
beforeEach(async () => {
  fixture = await openAccessFixture();
  folder = mkdtempSync(join(tmpdir(), "journal-"));
  const log = (line: string) => {
    throw new Error(line);
  };
  journal = new AccessJournal({
    denials: new Denials(fixture.store, () => 0, log),
    audit: new AuditLog(folder, log),
    recordings: new Recordings(() => 0),
  });
});
afterEach(async () => {
  await journal.close();
  await fixture.close();
  rmSync(folder, { recursive: true });
});

const audited = () => journal.audit.query({ accepts: () => true, last: 10 });

test("a write is audited once its status is known, with the assignment behind it; recorded is what it asked for", async () => {
  journal.recordings.start(TENANT_ID, SERVICE_PRINCIPAL_ID, ACCOUNT, 1_000);
  const grant = {
    permission: keys,
    assignmentId: "a",
    scope: ACCOUNT,
    roleDefinitionId: "r",
    roleName: "Owner",
    pattern: "*",
  };
  const ended = journal.allowed(request("r1", principal), [poolsWrite], [grant]);
  expect(await audited()).toEqual([]);
  ended(201);
  const { permission: _, ...by } = grant;
  expect(await audited()).toMatchObject([{ requestId: "r1", decision: "allowed", by: [by], status: 201 }]);
  const recording = journal.recordings.find(TENANT_ID, SERVICE_PRINCIPAL_ID);
  expect(recording?.used).toEqual([{ permission: poolsWrite, scope: ACCOUNT }]);
});

test("a holder of the account's key is audited without a principal", async () => {
  journal.allowed(request("r1", keyHolder), [], "SharedKey")(201);
  expect(await audited()).toMatchObject([
    { by: "SharedKey", caller: { principalId: null, principalType: "SharedKey" } },
  ]);
});

test("a denial is remembered and audited, and records nothing", async () => {
  journal.recordings.start(TENANT_ID, SERVICE_PRINCIPAL_ID, ACCOUNT, 1_000);
  const denial = { missing: poolsWrite, considered: [], builtInRoles: ["Contributor"] };
  journal.denied(request("r1", principal), denial)(403);
  expect(await audited()).toMatchObject([{ decision: "denied", missing: poolsWrite.name, status: 403 }]);
  expect(await journal.denials.find("r1")).toMatchObject({
    missing: poolsWrite,
    builtInRoles: ["Contributor"],
  });
  expect(journal.recordings.find(TENANT_ID, SERVICE_PRINCIPAL_ID)?.used).toEqual([]);
});
