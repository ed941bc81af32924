/** The Azure CLI's `az ad` on a whole service, unmodified and with Azure's own addresses. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { batchyardRun, missing, printed, programFile } from "../client-program.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
});
afterAll(() => service?.close());

test.skipIf(missing("the Azure CLI", "sh", ["-c", "command -v az"]))(
  "az registers applications, people and groups, and gives them roles",
  { timeout: 240_000 },
  async () => {
    const { username, password, tenantId } = service.ready;
    const domain = username?.split("@")[1] ?? "";
    const { appId, rbac, ...seen } = printed(
      await batchyardRun(
        ["sh", programFile("az-directory.sh"), programFile("az-shim"), domain],
        ["--data", service.folder],
        { ...process.env, SIGN_IN_USER: username ?? "", SIGN_IN_PASSWORD: password ?? "" },
      ),
    );
    expect(seen).toEqual({
      again: true,
      listed: [["az-app", `api://${appId}`]],
      shown: ["az-app", "AzureADandPersonalMicrosoftAccount", ["https://az.example/back"]],
      granted: ["AllPrincipals", "user_impersonation"],
      permissions: ["Scope"],
      user: ["AzUser", `az@${domain}`],
      users: ["AzUser"],
      members: ["az-app"],
      denied: 1,
      // The first start's application is a Contributor: it hands out no roles.
      assigned: "AuthorizationFailed",
      refused: 1,
      me: [username, "Administrator"],
      byName: ["User"],
      byId: ["Group"],
      left: [],
      gone: "AADSTS700016",
    });
    expect(rbac.slice(0, 2)).toEqual(["az-rbac", tenantId]);
    expect(rbac[3]).toHaveLength(43);
  },
);
