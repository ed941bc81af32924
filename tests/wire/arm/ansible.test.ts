/**
 * Ansible with its collection for Azure: what a play describes is there after the first run, and the second one finds nothing to change. Its
 * libraries are many, so that only who has laid them in an environment of Python's runs it: pip's ansible-core, and the collection with its
 * requirements.txt (`pip download ansible` has it) below `collections` in the same folder.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import { programEnd, programFile } from "../client-program.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const ansible = process.env.BATCHYARD_ANSIBLE ?? "";
const isHere = ansible !== "" && existsSync(join(ansible, "collections"));
if (!isHere) console.warn("SKIPPED: Ansible's collection for Azure is not here (BATCHYARD_ANSIBLE)");

let service: RunningService;
const folder = mkdtempSync(join(tmpdir(), "batchyard-ansible-"));
beforeAll(async () => {
  if (!isHere) return;
  const owner = { principal: applications.contributor.clientId, role: "Owner" };
  const roleAssignments = [
    ...contosoSeed.roleAssignments,
    { ...owner, scope: `/subscriptions/${SUBSCRIPTION}` },
  ];
  const [tenant, ...others] = contosoSeed.tenants;
  const [first, ...rest] = tenant?.applications ?? [];
  const graphAppRoles = ["Group.ReadWrite.All"];
  const tenants = [{ ...tenant, applications: [{ ...first, graphAppRoles }, ...rest] }, ...others];
  service = await runningService({ seed: { ...contosoSeed, tenants, roleAssignments } });
});
afterAll(async () => {
  await service?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @returns what the recap counts, such as `changed` */
async function play(): Promise<Record<string, number>> {
  const { clientSecret, tenantId } = service.ready;
  const words = ["-i", "localhost,", programFile("ansible/play.yml")];
  const end = await programEnd(join(ansible, "bin/ansible-playbook"), words, {
    ...environmentWith(proxyVariables(service.ready)),
    ANSIBLE_COLLECTIONS_PATH: join(ansible, "collections"),
    ANSIBLE_HOME: folder,
    ANSIBLE_NOCOLOR: "1",
    ANSIBLE_PYTHON_INTERPRETER: join(ansible, "bin/python"),
    AZURE_SECRET: clientSecret ?? "",
    AZURE_TENANT: tenantId,
    PYTHONWARNINGS: "ignore",
  });
  const recap = [...(end.stdout.split("PLAY RECAP")[1] ?? "").matchAll(/(\w+)=(\d+)/g)];
  const counts = Object.fromEntries(recap.map(([, name, count]) => [name, Number(count)]));
  if (counts.failed !== 0) console.error(end.stdout, end.stderr);
  return counts;
}

test.skipIf(!isHere)(
  "a play makes what it describes, and changes nothing the second time",
  { timeout: 900_000 },
  async () => {
    const first = await play();
    expect(first).toMatchObject({ failed: 0, changed: first.ok });
    expect(await play()).toMatchObject({ failed: 0, changed: 0, ok: first.ok });
  },
);
