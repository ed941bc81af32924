import { describe, expect, it } from "vitest";
import { NODE_IDS } from "../../core/users/user-account-check.ts";
import { SERVER_ID } from "../login/login-files.ts";
import { accountGroups, FIRST_ACCOUNT_ID, idMap, NOBODY, sandboxAccounts } from "./sandbox-accounts.ts";
import { TASK_ID } from "./sandbox-ids.ts";

const plain = (name: string) => ({ name, isAdmin: false });
const offsetsOf = (accounts: ReturnType<typeof sandboxAccounts>) =>
  new Map(accounts.map(({ uid, uidOffset }) => [uid, uidOffset]));

describe("the ids of named users", () => {
  it("come after those that are the node's own", () => {
    expect([...NODE_IDS]).toEqual([TASK_ID, SERVER_ID, NOBODY]);
    expect(FIRST_ACCOUNT_ID).toBe(SERVER_ID + 1);
    const ids = sandboxAccounts([plain("a"), plain("b")], 65_536).map(({ uid, gid }) => [uid, gid]);
    expect(ids).toEqual([
      [1002, 1002],
      [1003, 1003],
    ]);
  });

  it("are those that were asked for, and nobody else gets these", () => {
    const [a, b] = sandboxAccounts([plain("a"), { ...plain("b"), uid: 1002, gid: 1003 }], 65_536);
    expect(b).toMatchObject({ uid: 1002, gid: 1003, uidOffset: 1002, gidOffset: 1003 });
    expect(a).toMatchObject({ uid: 1004, gid: 1004 });
  });

  it("lie in the range also where the numbers do not, a common group once", () => {
    const accounts = sandboxAccounts(
      [
        { ...plain("a"), uid: 2_000_000_000, gid: 98_765 },
        { ...plain("b"), uid: 12_345, gid: 98_765 },
      ],
      2_048,
    );
    expect(accounts.map(({ uidOffset, gidOffset }) => [uidOffset, gidOffset])).toEqual([
      [1002, 1004],
      [1003, 1004],
    ]);
    expect(accountGroups(accounts)).toEqual(["a:x:98765:"]);
  });

  it.each([1_002, 1_003, 1_004])("are refused where the range is too short: %i", (length) => {
    expect(() => sandboxAccounts([plain("a"), plain("b")], length)).toThrow(/too few/);
    expect(sandboxAccounts([], length)).toEqual([]);
  });
});

describe("the map of a node's ids", () => {
  it("is one line where each id is in its place", () => {
    const ids = new Map([[1002, 1002]]);
    expect(idMap(1_000_000_000, 65_536, ids)).toBe("0 1000000000 65536");
  });

  it("shows nobody at the end of a short range", () => {
    expect(idMap(32_768, 2_048, new Map())).toBe("0 32768 2047\n65534 34815 1");
  });

  it.each([2_048, 65_536])("has each id of a range of %i once, inside and outside", (length) => {
    const first = 1_000_000;
    const accounts = sandboxAccounts(
      [plain("a"), ...[5, 1_500, 70_000, 2_000_000_000].map((uid) => ({ ...plain("x"), uid, gid: uid }))],
      length,
    );
    const lines = idMap(first, length, offsetsOf(accounts)).split("\n");
    const pieces = lines.map((line) => line.split(" ").map(Number) as [number, number, number]);
    expect(pieces[0]?.[2]).toBeGreaterThan(TASK_ID);
    const outside = pieces.flatMap(([, from, count]) => Array.from({ length: count }, (_, i) => from + i));
    expect(new Set(outside).size).toBe(outside.length);
    expect([Math.min(...outside), Math.max(...outside)]).toEqual([first, first + length - 1]);
    for (const { uid, uidOffset } of accounts) {
      const [inner = 0, from = 0] = pieces.find(([inner, , n]) => uid >= inner && uid < inner + n) ?? [];
      expect(from + uid - inner, String(uid)).toBe(first + uidOffset);
    }
  });

  it("of as many users as a pool may have is no longer than the kernel takes", () => {
    const many = Array.from({ length: 100 }, (_, i) => ({
      ...plain(`u${i}`),
      uid: 2_000_000_000 + i,
      gid: 70_000 + i,
    }));
    const accounts = sandboxAccounts(many, 2_048);
    expect(idMap(1_536_870_912, 2_048, offsetsOf(accounts)).length).toBeLessThan(4_096);
  });
});
