/** The Azure CLI, as Debian packages it (`azure-cli`), with Azure's own addresses. */
import { expect, test } from "vitest";
import { batchyardRun, missing, printed, programFile } from "../client-program.fixture.ts";

test.skipIf(missing("the Azure CLI", "sh", ["-c", "command -v az"]))(
  "az signs in as a service principal, and uses a Batch account by its key",
  { timeout: 90_000 },
  async () => {
    const { subscription, tenant, ...seen } = printed(await batchyardRun(["sh", programFile("az.sh")]));
    expect(seen).toEqual({
      refused: "AADSTS7000215",
      signedIn: [[subscription, tenant, "servicePrincipal"]],
      before: [],
      after: [["job", "active", "absent"]],
      task: ["task", "active", "/bin/true"],
    });
  },
);
