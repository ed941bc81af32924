/** The files that the commands of `programs/az-commands.txt` read, in a folder of their own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const virtualMachine = {
  vmSize: "standard_d2s_v3",
  virtualMachineConfiguration: {
    imageReference: {
      publisher: "canonical",
      offer: "0001-com-ubuntu-server-jammy",
      sku: "22_04-lts",
      version: "latest",
    },
    nodeAgentSKUId: "batch.node.ubuntu 22.04",
  },
};
const federated = {
  name: "fed",
  issuer: "https://issuer.example",
  audiences: ["api://AzureADTokenExchange"],
};
const role = (subscription: string, Description: string) => ({
  Name: "AZ submitter",
  IsCustom: true,
  Description,
  Actions: ["Microsoft.Batch/*/read"],
  NotActions: [],
  DataActions: ["Microsoft.Batch/batchAccounts/jobs/*"],
  NotDataActions: [],
  AssignableScopes: [`/subscriptions/${subscription}`],
});

const contents = (subscription: string): Readonly<Record<string, unknown>> => ({
  "in.txt": "some text",
  "page.bin": Buffer.alloc(512),
  "package.zip": "an archive",
  "many/1.txt": "1",
  "many/2.txt": "2",
  "pool.json": { id: "json", ...virtualMachine, targetDedicatedNodes: 1 },
  "auto.json": {
    id: "auto",
    ...virtualMachine,
    enableAutoScale: true,
    autoScaleFormula: "$TargetDedicatedNodes=0",
  },
  "pool-reset.json": {
    metadata: [{ name: "a", value: "b" }],
    applicationPackageReferences: [],
    certificateReferences: [],
  },
  "job.json": {
    id: "prepared",
    poolInfo: { poolId: "pool" },
    jobPreparationTask: { commandLine: "/bin/true" },
    jobReleaseTask: { commandLine: "/bin/true" },
  },
  "tasks.json": [
    { id: "one", commandLine: "/bin/true" },
    { id: "fails", commandLine: "/bin/false" },
  ],
  "roles.json": [
    {
      allowedMemberTypes: ["Application"],
      description: "d",
      displayName: "R",
      isEnabled: true,
      value: "R.All",
    },
  ],
  "claims.json": { idToken: [], accessToken: [], saml2Token: [] },
  "federated.json": { ...federated, subject: "one" },
  "federated2.json": { ...federated, subject: "other" },
  "role.json": role(subscription, "first"),
  "role2.json": role(subscription, "second"),
});

export interface AzFiles {
  readonly folder: string;
  readonly remove: () => void;
}

export function azFiles(subscription: string): AzFiles {
  const folder = mkdtempSync(join(tmpdir(), "batchyard-az-"));
  for (const made of ["many", "back", "config"]) mkdirSync(join(folder, made));
  for (const [name, content] of Object.entries(contents(subscription))) {
    const isText = typeof content === "string" || Buffer.isBuffer(content);
    writeFileSync(join(folder, name), isText ? content : JSON.stringify(content));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
