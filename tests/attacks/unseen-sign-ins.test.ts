/** Attempts that leave no trace: guesses, stolen secrets tried out, consent that nobody notices. */
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Graph, openGraph } from "../wire/graph/graph.fixture.ts";

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
});
afterAll(() => graph?.close());

const signIns = async (filter: string) =>
  (await graph.as(graph.tokens.admin).get(`/auditLogs/signIns?$filter=${encodeURIComponent(filter)}`)).json
    .value;

test("a stolen secret is tried, and nobody can see that it was", async () => {
  const { nobody } = graph;
  expect((await graph.signIn(nobody.clientId, "not the secret")).status).toBe(401);
  const [refused, ...others] = await signIns("status/errorCode eq 7000215");
  expect(others).toEqual([]);
  expect(refused).toMatchObject({
    appId: nobody.clientId,
    servicePrincipalId: nobody.objectId,
    signInEventTypes: ["servicePrincipal"],
    ipAddress: expect.stringMatching(/127\.0\.0\.1$/),
    status: { errorCode: 7000215, failureReason: expect.stringContaining("Invalid client secret") },
  });
  // The right one is told as well.
  const [success] = await signIns(`servicePrincipalId eq '${nobody.objectId}' and status/errorCode eq 0`);
  expect(success).toMatchObject({
    resourceDisplayName: "https://graph.microsoft.com",
    // The token that came of it can be told in the log.
    uniqueTokenIdentifier: decodeJwt(graph.tokens.nobody).uti,
  });
  expect(refused.uniqueTokenIdentifier).toBeNull();
  expect(await graph.audit()).not.toContain("not the secret");
});

test("passwords are guessed until the account locks, and nobody can see that they were", async () => {
  for (let i = 0; i < 10; i++) await graph.passwordSignIn("member", `guess ${i}`);
  await graph.passwordSignIn("a password typed as a name", "guess");
  const wrong = await signIns("status/errorCode eq 50126");
  expect(wrong[0]).toMatchObject({ userId: graph.people.member, isInteractive: true });
  const [locked] = await signIns("status/errorCode eq 50053");
  expect(locked).toMatchObject({ userId: graph.people.member, userPrincipalName: `member@${graph.domain}` });
  // What was typed as a name and is none is not told: it may have been a password.
  expect(await graph.audit()).not.toContain("typed as a name");
});

test("a flood of refused secrets fills the log and pushes out what it would have shown", async () => {
  const { reader } = graph;
  const before = (await graph.audit()).split("\n").length;
  for (let i = 0; i < 200; i++) await graph.signIn(reader.clientId, "wrong");
  expect((await graph.audit()).split("\n").length - before).toBeLessThan(5);
});

test("an application is given permissions, and nobody can see who gave them", async () => {
  const admin = graph.as(graph.tokens.admin);
  const { json } = await admin.post("/applications", { displayName: "Quiet" });
  graph.advance(1_000);
  await admin.post(`/applications/${json.id}/addPassword`, {});
  const audits = (await admin.get("/auditLogs/directoryAudits?$top=2")).json.value;
  expect(audits).toMatchObject([
    {
      activityDisplayName: "Update application – Certificates and secrets management",
      category: "ApplicationManagement",
      result: "success",
      initiatedBy: { user: { id: graph.people.admin } },
      targetResources: [{ id: json.id }],
    },
    { activityDisplayName: "Add application" },
  ]);
});

test("anybody reads who signs in when and from where", async () => {
  for (const who of ["member", "userAdmin", "nobody", "reader"] as const)
    for (const path of ["/auditLogs/signIns", "/auditLogs/directoryAudits"])
      expect([who, (await graph.as(graph.tokens[who]).get(path)).status]).toEqual([who, 403]);
  const abroad = await graph.signIn(
    graph.foreigner.clientId,
    graph.foreigner.clientSecret,
    graph.foreigner.tenantId,
  );
  expect(abroad.status).toBe(200);
  const seen = await signIns("status/errorCode eq 0");
  expect(seen.some(({ appId }: { appId: string }) => appId === graph.foreigner.clientId)).toBe(false);
});
