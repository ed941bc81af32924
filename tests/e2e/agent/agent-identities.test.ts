/** What an agent says to its service about its nodes' identities, over the death of one service and the start of the next. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AgentBench, type FakeService, nodeSpec, runSpec } from "./agent-bench.ts";

const TOKEN = { accessToken: "t1", clientId: "c", notBefore: 0, expiresOn: 86_400, lifetime: 86_400 };

let bench: AgentBench;
let service: FakeService;

beforeEach(async () => {
  bench = new AgentBench();
  service = await bench.startService();
});
afterEach(() => bench.dispose());

/** The node's endpoint, as a task finds it. */
async function endpoint(): Promise<string> {
  await service.said("hello");
  service.send(nodeSpec("n1", "process", { identities: "anywhere" }));
  await service.said("node.ready");
  const spec = runSpec(`/bin/sh -c 'printf %s "$AZURE_POD_IDENTITY_AUTHORITY_HOST"'`);
  service.send({ t: "run.start", spec });
  await service.ended(spec.run);
  return readFileSync(join(bench.nodeRoot(), "workitems/job/job-1", spec.run, "stdout.txt"), "utf8");
}

test("a kept token serves on without a service, and is asked about by the next one", async () => {
  bench.startAgent();
  const url = `${await endpoint()}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=r`;
  const ask = async () => (await fetch(url, { headers: { metadata: "true" } })).json();
  const first = ask();
  const { id } = await service.said("identity.ask");
  service.send({ t: "identity.token", id, token: TOKEN });
  expect(await first).toMatchObject({ access_token: "t1", client_id: "c" });
  await service.vanish();
  expect(await ask()).toMatchObject({ access_token: "t1" });

  service = await bench.startService();
  await service.said("hello");
  const next = ask();
  const asked = await service.said("identity.ask");
  expect(asked.held).toEqual({ clientId: "c", notBefore: 0, expiresOn: 86_400 });
  service.send({ t: "identity.held", id: asked.id, lifetime: 1_000 });
  expect(await next).toMatchObject({ access_token: "t1", expires_in: "1000" });
  service.send({ t: "identity.recheck" });
  const refused = service.said("identity.ask", ({ id }) => id !== asked.id);
  const last = (async () => {
    for (;;) {
      const reply = (await ask()) as { error?: string };
      if (reply.error !== undefined) return reply;
    }
  })();
  const { id: lastId } = await refused;
  service.send({
    t: "identity.refused",
    id: lastId,
    status: 400,
    error: "invalid_request",
    description: "Identity not found",
  });
  expect(await last).toEqual({ error: "invalid_request", error_description: "Identity not found" });
});

test("what is refused is told once for all that is like it, and after a service is there again", async () => {
  bench.startAgent();
  const url = `${await endpoint()}/metadata/identity/oauth2/token`;
  await service.vanish();
  // Answered once the agent knows that nobody is there.
  const unanswered = await fetch(`${url}?api-version=2018-02-01&resource=r`, {
    headers: { metadata: "true" },
  });
  expect(unanswered.status).toBe(500);
  for (let i = 0; i < 50; i++) expect((await fetch(url)).status).toBe(400);
  service = await bench.startService();
  const { request } = await service.said("metadata.refused");
  expect(request).toMatchObject({
    nodeKey: "n1",
    status: 400,
    reason: "Required metadata header not specified",
    from: `uid ${process.geteuid?.()}`,
    times: 1,
  });
  expect(service.all("metadata.refused")).toHaveLength(1);
  service.send({ t: "node.stop", nodeKey: "n1" });
  const counted = await service.said("metadata.refused", ({ request }) => request.times > 1);
  expect(counted.request.times).toBe(49);
});
