/** The Azure CLI, as Debian packages it (`azure-cli`), with Azure's own addresses. */
import { expect, test } from "vitest";
import { batchyardRun, missing, printed, programFile, reported } from "../client-program.fixture.ts";

test.skipIf(missing("the Azure CLI", "sh", ["-c", "command -v az"]))(
  "az signs in as a service principal, and uses a Batch account by its key",
  { timeout: 90_000 },
  async () => {
    const end = await batchyardRun(["sh", programFile("az.sh")], ["--ephemeral", "--report", "--json"]);
    const { subscription, tenant, ...seen } = printed(end);
    expect(seen).toEqual({
      refused: "AADSTS7000215",
      signedIn: [[subscription, tenant, "servicePrincipal"]],
      before: [],
      after: [["job", "active", "absent"]],
      task: ["task", "active", "/bin/true"],
    });
    const { clients, operations, things, inReplies } = reported(end);
    // With an account's key, az says no more of itself than the library in it does.
    expect(clients.map(({ name, apiVersion }) => [name.replace(/[\d.]+$/, "…"), apiVersion])).toEqual([
      ["Python azure-batch …", expect.stringMatching(/^20/)],
    ]);
    expect(operations.map(({ operation, count }) => [operation, count])).toEqual([
      ["Job_Add", 1],
      ["Job_Delete", 1],
      ["Job_List", 2],
      ["Task_Add", 1],
      ["Task_Get", 2],
    ]);
    expect({ things, inReplies }).toEqual({ things: 1, inReplies: [] });
  },
);
