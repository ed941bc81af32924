/** Applications, which management alone makes. */
import { expect } from "vitest";
import { ArmClient } from "../arm-client.fixture.ts";
import { sendTo } from "../raw-request.fixture.ts";
import type { RunningService } from "../running-service.fixture.ts";

/** With one version, of which it is shown by the data plane. */
export async function addApplication(service: RunningService, id: string): Promise<void> {
  const { subscriptionId, resourceGroup, account, clientId, clientSecret } = service.ready;
  const arm = await ArmClient.signIn(service, { clientId: clientId ?? "", clientSecret: clientSecret ?? "" });
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const application = `${group}/providers/Microsoft.Batch/batchAccounts/${account}/applications/${id}`;
  const ask = async (method: string, path: string, body?: object) => {
    const reply = await arm.send(method, `${application}${path}`, { version: "2024-07-01", body });
    expect(reply.status, reply.text).toBe(200);
    return reply.json;
  };
  await ask("PUT", "");
  const { storageUrl } = (await ask("PUT", "/versions/1.0")).properties;
  const { pathname, search } = new URL(storageUrl);
  const uploaded = await sendTo(new URL(storageUrl), service.ca, {
    method: "PUT",
    path: `${pathname}${search}`,
    headers: { "x-ms-version": "2021-12-02", "x-ms-blob-type": "BlockBlob" },
    body: "an archive",
  });
  expect(uploaded.status, uploaded.text).toBe(201);
  await ask("POST", "/versions/1.0/activate", { format: "zip" });
}
