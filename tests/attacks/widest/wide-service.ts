/** A service whose first application may do everything, with one of everything that a request can name. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { KillableService, until } from "../../e2e/killable-service.ts";
import { poolBody } from "../../wire/batch-bodies.fixture.ts";
import { type PlaneRequest, PlaneSender } from "../plane-sender.ts";
import { widestOfBatch } from "./of-batch.ts";
import { widestOfBlobs } from "./of-blobs.ts";
import { widestOfGraph, widestOfTokenService } from "./of-directory.ts";
import { widestOfManagement } from "./of-management.ts";
import type { WideRequest } from "./wide-texts.ts";

const TASKS = 2_000;
const AT_ONCE = 8;
const ID = randomUUID();
const TENANT = randomUUID();
const application = {
  clientId: randomUUID(),
  clientSecret: `${randomUUID()}${randomUUID()}`,
  graphAppRoles: [
    "Application.ReadWrite.All",
    "Directory.ReadWrite.All",
    "AuditLog.Read.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
  ],
};
const place = { subscriptionId: ID, resourceGroup: "wide", location: "westeurope" };
/** One tenant, group, Batch and storage account, and an application that may do everything. */
export const WIDE_SEED = {
  tenants: [{ tenantId: TENANT, domains: ["wide.example"], applications: [application] }],
  subscriptions: [{ subscriptionId: ID, tenantId: TENANT }],
  accounts: [{ ...place, name: "wide" }],
  storageAccounts: [{ ...place, name: "wide" }],
  roleAssignments: ["Owner", "Storage Blob Data Owner", "Azure Batch Data Contributor"].map((role) => ({
    principal: application.clientId,
    role,
    scope: `/subscriptions/${ID}`,
  })),
};

export interface WideService {
  readonly service: KillableService;
  readonly sender: PlaneSender;
  /** Each with something that is there to meet. */
  requests(): Generator<WideRequest>;
  /** Of somebody who has nothing to do with them. @returns the status */
  neighbour(): Promise<number>;
  close(): Promise<void>;
}

export async function wideService(environment: Readonly<Record<string, string>>): Promise<WideService> {
  const folder = mkdtempSync(join(tmpdir(), "widest-"));
  const seed = join(folder, "seed.json");
  writeFileSync(seed, JSON.stringify(WIDE_SEED));
  const service = await KillableService.start({ environment, parameters: ["--seed", seed] });
  const close = async () => {
    await service.kill();
    await service.killAgent();
    await service.dispose();
    rmSync(folder, { recursive: true });
  };
  try {
    const sender = await PlaneSender.to(service, AT_ONCE);
    const met = await furnish(sender, service);
    return {
      service,
      sender,
      *requests() {
        yield* widestOfBatch(met);
        yield* widestOfManagement({ subscriptionId: ID, resourceGroup: "wide", account: "wide" });
        yield* widestOfGraph(met.applicationId);
        yield* widestOfTokenService(service.ready.tenantId);
        yield* widestOfBlobs("wide");
      },
      neighbour: () => sender.send({ ...BATCH, method: "GET", path: `/jobs/other?${VERSION}` }),
      close: async () => {
        sender.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const VERSION = "api-version=2024-07-01.20.0";
const BATCH = {
  plane: "batch",
  headers: { "content-type": "application/json; odata=minimalmetadata" },
} as const;
const STORAGE_HEADERS = { "x-ms-version": "2023-11-03" };

async function furnish(sender: PlaneSender, { ready }: KillableService) {
  const ask = async (request: PlaneRequest) => {
    const { status, text } = await sender.exchange(request);
    if (status >= 300) throw new Error(`${request.method} ${request.path}: ${status} ${text}`);
    return text === "" || request.plane === "blob" ? undefined : JSON.parse(text);
  };
  const batch = (method: string, path: string, body?: object) =>
    ask({ ...BATCH, method, path: `${path}?${VERSION}`, ...(body && { body: JSON.stringify(body) }) });
  await batch("POST", "/pools", poolBody("pool"));
  for (const id of ["job", "other"]) {
    await batch("POST", "/jobs", { id, poolInfo: { poolId: "pool" }, usesTaskDependencies: true });
    await batch("POST", `/jobs/${id}/disable`, { disableTasks: "requeue" });
  }
  for (let first = 0; first < TASKS; first += 100) {
    const value = Array.from({ length: 100 }, (_, n) => ({ id: `t${first + n}`, commandLine: "true" }));
    await batch("POST", "/jobs/job/addtaskcollection", { value });
  }
  const nodeId: string = await until(
    "a node",
    async () => (await batch("GET", "/pools/pool/nodes")).value[0]?.id,
  );
  const blob = (path: string, more: Partial<PlaneRequest> = {}) =>
    ask({
      plane: "blob",
      method: "PUT",
      path: `/${ready.storageAccount}${path}`,
      headers: STORAGE_HEADERS,
      ...more,
    });
  // The first request starts the storage.
  await until("the storage", () =>
    blob("/wide?restype=container").then(
      () => true,
      () => false,
    ),
  );
  await blob("/wide/blob", { headers: { ...STORAGE_HEADERS, "x-ms-blob-type": "BlockBlob" }, body: "b" });
  const { id: applicationId } = await ask({
    plane: "graph",
    method: "POST",
    path: "/v1.0/applications",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ displayName: "wide" }),
  });
  expect(nodeId).toBeTruthy();
  return { poolId: "pool", nodeId, jobId: "job", taskId: "t1", applicationId: String(applicationId) };
}
