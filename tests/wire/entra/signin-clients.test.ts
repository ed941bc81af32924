/** Users sign in with Azure's own clients, unmodified and with Azure's own addresses. */
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import { missing, printed, programEnd, programFile } from "../client-program.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { registerCertificate } from "./registered-certificate.fixture.ts";

const PYTHON = "/usr/bin/python3";
const BATCH = "https://batch.core.windows.net/";

let service: RunningService;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  service = await runningService();
  environment = {
    ...environmentWith(proxyVariables(service.ready)),
    // In the background: the client listens for the answer only when the browser has been started.
    BROWSER: `${PYTHON} ${programFile("browser.py")} %s &`,
    PYTHONDONTWRITEBYTECODE: "1",
    SIGN_IN_USER: service.ready.username ?? "",
    SIGN_IN_PASSWORD: service.ready.password ?? "",
    SIGN_IN_CERTIFICATE: await registerCertificate(service, dirname(service.folder)),
  };
});
afterAll(() => service?.close());

test.skipIf(
  missing("azure-identity, msal and adal for Python", PYTHON, ["-c", "import azure.identity, msal, adal"]),
)("azure-identity, MSAL and ADAL for Python", { timeout: 120_000 }, async () => {
  const user = service.ready.username;
  const scp = "user_impersonation";
  const { "other resource": other, ...seen } = printed(
    await programEnd(PYTHON, [programFile("user_sign_in.py")], environment),
  );
  const token = [BATCH, user, scp, "0"];
  expect(seen).toEqual({
    browser: token,
    silent: token,
    "default application": token,
    device: [user, true],
    "device token": token,
    password: token,
    certificate: [BATCH, null, null, "2"],
    "certificate chain": [BATCH, null, null, "2"],
    "msal device": token,
    "msal silent": token,
    "adal device": token,
    "adal refresh": token,
    "adal password": token,
  });
  expect(other[0]).toBe("https://graph.microsoft.com");
});

test.skipIf(missing("the Azure CLI", "sh", ["-c", "command -v az"]))(
  "az login on a device and in a browser",
  { timeout: 120_000 },
  async () => {
    const { username, tenantId } = service.ready;
    const seen = printed(await programEnd("sh", [programFile("az-user.sh")], environment));
    expect(seen).toEqual({
      device: [[tenantId, username, "user"]],
      batch: [BATCH, username, "user_impersonation"],
      browser: [[tenantId, username, "user"]],
    });
  },
);
