import { expect, test } from "vitest";
import type { FromAgent } from "../../wire/agent/messages.ts";
import {
  IdentityAsks,
  IdentityTokens,
  RECHECK_MS,
  type ServiceAnswer,
  type TokenAnswer,
} from "./identity-tokens.ts";

const ask = { resource: "r", isFresh: false };
const answer = (accessToken: string): TokenAnswer => ({
  token: { accessToken, clientId: "c", notBefore: 0, expiresOn: 86_400, lifetime: 86_400 },
});

/** A service that issues `t1`, `t2`, …, and finds a held token good as long as it has no other answer. */
function cache() {
  const state = {
    now: 0,
    asked: 0,
    checked: 0,
    whenHeld: undefined as ServiceAnswer | undefined,
  };
  const tokens = new IdentityTokens(
    async (_, held) => {
      if (held === undefined) return answer(`t${++state.asked}`);
      state.checked++;
      return state.whenHeld ?? { held: 86_400 - Math.floor(state.now / 1_000) };
    },
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

test("a kept token is asked about once a minute, and at once when something has changed", async () => {
  const { state, tokens } = cache();
  await tokens.token(ask);
  state.now = RECHECK_MS - 1;
  await tokens.token(ask);
  expect(state.checked).toBe(0);
  state.now = RECHECK_MS;
  expect(await Promise.all([tokens.token(ask), tokens.token(ask)])).toMatchObject([
    { token: { accessToken: "t1", lifetime: 86_340 } },
    { token: { accessToken: "t1" } },
  ]);
  expect(state.checked).toBe(1);
  await tokens.token(ask);
  expect(state.checked).toBe(1);
  tokens.recheck();
  await tokens.token(ask);
  expect(state).toMatchObject({ checked: 2, asked: 1 });
});

test("what the service holds no good any more is given to nobody", async () => {
  const { state, tokens } = cache();
  const refusal = { status: 400, error: "invalid_request", description: "Identity not found" };
  await tokens.token(ask);
  tokens.recheck();
  state.whenHeld = { refusal };
  expect(await tokens.token(ask)).toEqual({ refusal });
  // A token of the next identity of that name, not the one from before.
  expect(await tokens.token(ask)).toEqual(answer("t2"));
});

test("a clock that was moved on ends a kept token", async () => {
  const { state, tokens } = cache();
  await tokens.token(ask);
  tokens.recheck();
  state.whenHeld = answer("new");
  expect(await tokens.token(ask)).toEqual(answer("new"));
  state.whenHeld = undefined;
  tokens.recheck();
  expect(await tokens.token(ask)).toMatchObject({ token: { accessToken: "new" } });
});

test("without a service what was kept serves on", async () => {
  const { state, tokens } = cache();
  await tokens.token(ask);
  state.now = 2 * RECHECK_MS;
  state.whenHeld = { refusal: { status: 500, error: "server_error", description: "away" } };
  expect(await tokens.token(ask)).toMatchObject({ token: { accessToken: "t1" } });
});

test("one node bothers the service so often and no more", async () => {
  const { state, tokens } = cache();
  const fresh = { ...ask, isFresh: true };
  const told = [];
  for (let i = 0; i < 150; i++) told.push(await tokens.token(fresh));
  expect(told.filter((each) => "refusal" in each && each.refusal.status === 429)).toHaveLength(50);
  state.now += 1_000;
  for (let i = 0; i < 30; i++) await tokens.token(fresh);
  expect(state.asked).toBe(120);
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
  const asks = new IdentityAsks((message) => sent.push(message) > 0);
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
  const alone = new IdentityAsks(() => false);
  expect(await alone.ask("1", ask)).toMatchObject({ refusal: { status: 500 } });
});
