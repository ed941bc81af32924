import { expect, test } from "vitest";
import { FairTurns, type Turn } from "./fair-turns.ts";

/** Works that end when they are told to, one by one in the order in which they began. */
function turns() {
  const fair = new FairTurns(() => new Error("refused"));
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const refused: string[] = [];
  const settled: Promise<unknown>[] = [];
  const ask = (source: string, account: string, isQuiet = false, name = `${source} ${account}`) => {
    const turn: Turn = { source, account, isQuiet };
    const taken = fair.take(turn, () => {
      begun.push(name);
      return new Promise<void>((resolve) => void ends.push(resolve));
    });
    settled.push(taken.catch(() => void refused.push(name)));
  };
  const end = async () => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { ask, end, begun, refused };
}

test("an account that nobody guesses at has a worker, whatever waits", async () => {
  const { ask, begun } = turns();
  for (let i = 0; i < 20; i++) ask("a", `guessed ${i}`);
  expect(begun).toHaveLength(2);
  ask("a", "quiet", true);
  expect(begun).toEqual(["a guessed 0", "a guessed 1", "a quiet"]);
});

test("and accounts that are guessed at are not starved by those that are not", async () => {
  const { ask, begun } = turns();
  for (let i = 0; i < 20; i++) ask("a", `quiet ${i}`, true);
  expect(begun).toHaveLength(3);
  ask("a", "guessed");
  const { ask: askAgain, begun: begunAgain } = turns();
  askAgain("a", "guessed");
  for (let i = 0; i < 20; i++) askAgain("a", `quiet ${i}`, true);
  expect(begunAgain).toEqual(["a guessed", "a quiet 0", "a quiet 1"]);
});

test("sources take turns, and the accounts of one; an account is checked one at a time", async () => {
  const { ask, end, begun } = turns();
  for (let i = 0; i < 3; i++) ask("a", "x", false, `a x${i}`);
  for (let i = 0; i < 3; i++) ask("a", "y", false, `a y${i}`);
  ask("b", "z");
  expect(begun).toEqual(["a x0", "a y0"]);
  for (let i = 0; i < 6; i++) await end();
  expect(begun).toEqual(["a x0", "a y0", "b z", "a x1", "a y1", "a x2", "a y2"]);
});

test("a full lane refuses the greediest, and a newcomer among equals", async () => {
  const { ask, begun, refused } = turns();
  for (let i = 0; i < 66; i++) ask("a", `name ${i}`);
  expect([begun.length, refused.length]).toEqual([2, 0]);
  ask("b", "victim");
  await new Promise(setImmediate);
  expect(refused).toEqual(["a name 65"]);
  ask("a", "late");
  await new Promise(setImmediate);
  expect(refused).toEqual(["a name 65", "a late"]);
});

test("one account of one source has twelve places", async () => {
  const { ask, refused } = turns();
  for (let i = 0; i < 20; i++) ask("a", "x", false, `try ${i}`);
  ask("b", "x");
  await new Promise(setImmediate);
  expect(refused).toHaveLength(7);
});
