import { expect, test } from "vitest";
import type { FromAgent } from "../../wire/agent/messages.ts";
import { IdentityAsks, IdentityTokens, type TokenAnswer } from "./identity-tokens.ts";

const ask = { resource: "r", isFresh: false };
const answer = (accessToken: string): TokenAnswer => ({
  token: { accessToken, clientId: "c", notBefore: 0, expiresOn: 86_400, lifetime: 86_400 },
});

function cache() {
  const state = { now: 0, asked: 0 };
  const tokens = new IdentityTokens(
    async () => answer(`t${++state.asked}`),
    () => state.now,
  );
  return { state, tokens };
}

test("the same token until it nears its end, told with what is left of its life", async () => {
  const { state, tokens } = cache();
  const many = await Promise.all([tokens.token(ask), tokens.token(ask)]);
  expect(many).toEqual([answer("t1"), answer("t1")]);
  state.now = 86_000_000;
  expect(await tokens.token(ask)).toMatchObject({ token: { accessToken: "t1", lifetime: 400 } });
  state.now = 86_200_000;
  expect(await tokens.token(ask)).toEqual(answer("t2"));
});

test("another resource or identity has another token; one may ask for a new one", async () => {
  const { tokens } = cache();
  await tokens.token(ask);
  expect(await tokens.token({ ...ask, resource: "s" })).toEqual(answer("t2"));
  const identity = { by: "client_id", value: "c" } as const;
  expect(await tokens.token({ ...ask, identity })).toEqual(answer("t3"));
  expect(await tokens.token({ ...ask, isFresh: true })).toEqual(answer("t4"));
  expect(await tokens.token(ask)).toEqual(answer("t4"));
});

test("a refusal is not kept, and a flood is turned away", async () => {
  let asked = 0;
  const refusal = { status: 400, error: "invalid_request", description: "Identity not found" };
  const tokens = new IdentityTokens(async () => {
    asked++;
    return { refusal };
  });
  await tokens.token(ask);
  await tokens.token(ask);
  expect(asked).toBe(2);
  const flood = Array.from({ length: 60 }, (_, i) => tokens.token({ ...ask, resource: `r${i}` }));
  const told = (await Promise.all(flood)).map((each) => "refusal" in each && each.refusal.status);
  expect(told.filter((status) => status === 429)).toHaveLength(10);
});

test("answers find their questions; without a service there are none", async () => {
  const sent: FromAgent[] = [];
  const asks = new IdentityAsks((message) => void sent.push(message));
  const [a, b] = [asks.ask("1", ask), asks.ask("2", ask)];
  expect(sent).toMatchObject([
    { id: 1, nodeKey: "1" },
    { id: 2, nodeKey: "2" },
  ]);
  const said = answer("t");
  if ("token" in said) asks.receive({ t: "identity.token", id: 2, token: said.token });
  expect(await b).toEqual(said);
  asks.cancelAll();
  expect(await a).toMatchObject({ refusal: { status: 500 } });
});
