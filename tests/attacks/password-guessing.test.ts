/** Guessing at passwords: to find one, to find out whose there are, or only so that nobody else can sign in. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { userCreate } from "../../src/app/directory/user.ts";
import { PasswordCheck } from "../../src/app/sign-in/password-check.ts";
import { AZURE_CLI_APP_ID } from "../../src/wire/entra/first-party.ts";
import { BATCH_SCOPE, openSignInDoor, type SignInDoor, tokenRequest } from "../wire/entra/sign-in.fixture.ts";
import type { RawReply } from "../wire/raw-request.fixture.ts";

let door: SignInDoor;
beforeAll(async () => {
  door = await openSignInDoor();
});
afterAll(() => door?.close());

const signIn = (username: string, password: string) =>
  tokenRequest(door, {
    grant_type: "password",
    client_id: AZURE_CLI_APP_ID,
    scope: BATCH_SCOPE,
    username,
    password,
  });
const said = ({ status, json }: RawReply) => (status === 200 ? 200 : json.error_codes?.[0]);

async function newUser(): Promise<string> {
  const userPrincipalName = `${randomUUID()}@test.example`;
  const named = { userPrincipalName, displayName: "Somebody", password: door.password };
  await userCreate(door.directory, door.tenantId, named, door.clock());
  return userPrincipalName;
}

/** Starts guesses and, once they have arrived, a right sign-in. @returns what it got, and how many guesses were answered before */
async function duringGuesses(guesses: readonly string[], username: string) {
  let answered = 0;
  const tries = guesses.map((name) =>
    signIn(name, "a guess").then((reply) => {
      if (reply.status !== 429) answered++;
      return said(reply);
    }),
  );
  // What was refused for want of a place was refused at once: the others wait by then.
  await Promise.race(tries);
  const result = said(await signIn(username, door.password));
  const before = answered;
  const answers = await Promise.all(tries);
  return { result, before, checked: answers.filter((answer) => answer !== 90055).length };
}

test("88 wrong passwords for one account, and the administrator is told to come back or waits behind them", async () => {
  const victim = await newUser();
  const { result, before, checked } = await duringGuesses(Array(88).fill(victim), "admin@test.example");
  expect(result).toBe(200);
  expect(before).toBeLessThanOrEqual(checked);
  expect(before).toBeLessThan(8);
});

test("dozens of names that nobody has, and the administrator waits behind them", async () => {
  const names = Array.from({ length: 24 }, (_, i) => `nobody-${i}@test.example`);
  const { result, before } = await duringGuesses(names, "admin@test.example");
  expect(result).toBe(200);
  expect(before).toBeLessThan(12);
});

test("a stranger's ten wrong passwords lock a user out of where the user works", async () => {
  const name = await newUser();
  const passwords = new PasswordCheck(door.directory, door.clock);
  const attempt = (password: string, source: string) =>
    passwords.signIn({ name, password, tenant: undefined, application: "x", source }).then(
      () => "in",
      ({ code }) => code,
    );
  expect(await attempt(door.password, "10.0.0.1")).toBe("in");
  for (let i = 0; i < 9; i++) expect(await attempt("wrong", "192.0.2.9")).toBe("AADSTS50126");
  expect(await attempt("wrong", "192.0.2.9")).toBe("AADSTS50053");
  // The guesser's door is shut, even to the right password; the user's is not.
  expect(await attempt(door.password, "192.0.2.9")).toBe("AADSTS50053");
  expect(await attempt(door.password, "10.0.0.1")).toBe("in");
});

test("how long an answer takes tells whether there is such a user", async () => {
  const known = await newUser();
  const times: Record<"known" | "unknown", number[]> = { known: [], unknown: [] };
  await signIn("warm@test.example", "a guess");
  for (let i = 0; i < 5; i++)
    for (const which of ["known", "unknown"] as const) {
      const started = performance.now();
      await signIn(which === "known" ? known : `nobody-${randomUUID()}@test.example`, "a guess");
      times[which].push(performance.now() - started);
    }
  // The least of several is what the machine's other work disturbs least.
  const ratio = Math.min(...times.unknown) / Math.min(...times.known);
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});
