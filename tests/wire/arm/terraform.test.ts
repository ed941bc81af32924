/**
 * Terraform with its provider for Azure: what it makes is as it was described, so that a second plan has nothing to change, and all of it goes
 * away again. The provider's waits between two questions are shorter (.ci/terraform-provider).
 */
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import { missing, programEnd, programFile } from "../client-program.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const provider = join(process.env.BATCHYARD_TOUR_CLIENTS ?? "", "terraform");
const isProviderHere = existsSync(join(provider, "terraform-provider-azurerm"));
if (!isProviderHere)
  console.warn(
    "SKIPPED: Terraform's provider is not here (.ci/tour-clients DIR, then BATCHYARD_TOUR_CLIENTS=DIR)",
  );
const isSkipped = !isProviderHere || missing("Terraform", "terraform", ["version"]);

let service: RunningService;
const folder = mkdtempSync(join(tmpdir(), "batchyard-terraform-"));

beforeAll(async () => {
  if (isSkipped) return;
  const owner = applications.contributor;
  service = await runningService({
    seed: {
      ...contosoSeed,
      roleAssignments: [
        ...contosoSeed.roleAssignments,
        { principal: owner.clientId, role: "Owner", scope: `/subscriptions/${SUBSCRIPTION}` },
      ],
    },
    // Its jobs ask for a token of the Batch service with one slash, which Azure itself refuses them for.
    lenientAudience: true,
  });
  cpSync(programFile("terraform"), folder, { recursive: true });
  const overrides = `dev_overrides { "hashicorp/azurerm" = ${JSON.stringify(provider)} }`;
  writeFileSync(join(folder, "terraform.rc"), `provider_installation {\n  ${overrides}\n  direct {}\n}\n`);
});
afterAll(async () => {
  await service?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function terraform(...words: readonly string[]): Promise<number | null> {
  const { clientId, clientSecret, tenantId, subscriptionId } = service.ready;
  const end = await programEnd("terraform", [`-chdir=${folder}`, ...words, "-no-color"], {
    ...environmentWith(proxyVariables(service.ready)),
    TF_CLI_CONFIG_FILE: join(folder, "terraform.rc"),
    CHECKPOINT_DISABLE: "1",
    ARM_CLIENT_ID: clientId ?? "",
    ARM_CLIENT_SECRET: clientSecret ?? "",
    ARM_TENANT_ID: tenantId,
    ARM_SUBSCRIPTION_ID: subscriptionId,
  });
  if (end.code !== 0) console.error(`terraform ${words.join(" ")}\n${end.stdout}\n${end.stderr}`);
  return end.code;
}

test.skipIf(isSkipped)(
  "Terraform applies, plans nothing more, changes in place, and destroys",
  { timeout: 240_000 },
  async () => {
    expect(await terraform("apply", "-auto-approve")).toBe(0);
    // 2 would be: there is something to change.
    expect(await terraform("plan", "-detailed-exitcode")).toBe(0);
    const changed = ["-var=stage=production", "-var=nodes=2"];
    expect(await terraform("apply", "-auto-approve", ...changed)).toBe(0);
    expect(await terraform("plan", "-detailed-exitcode", ...changed)).toBe(0);
    expect(await terraform("destroy", "-auto-approve", ...changed)).toBe(0);
  },
);
