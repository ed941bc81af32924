import { expect, test } from "vitest";
import { NodeUsers } from "./node-users.ts";

const accounts = [
  { name: "ann", isAdmin: false },
  { name: "boss", isAdmin: true },
];
const placed = [
  { name: "ann", isAdmin: false, uid: 90_000, gid: 90_001, uidOffset: 1002, gidOffset: 1003 },
  { name: "boss", isAdmin: true, uid: 1004, gid: 1004, uidOffset: 1004, gidOffset: 1004 },
];
const ids = { uidMap: "", gidMap: "" };
const ANN = { username: "ann", elevated: false };
const BOSS = { username: "boss", elevated: false };

test("a named user is told to the init by its ids inside, and owns files by those outside", () => {
  const users = new NodeUsers(accounts, { ...ids, first: 1_000_000, accounts: placed }, "me");
  expect(users.of(ANN)).toEqual({
    name: "ann",
    init: { uid: 90_000, gid: 90_001, isAdmin: false },
    owner: 1_001_002,
    group: 1_001_003,
  });
  expect(users.of(BOSS).init).toEqual({ uid: 1004, gid: 1004, isAdmin: true });
  const common = { owner: 1_001_000 };
  expect(users.of({ elevated: false })).toEqual({ name: "_azbatch", init: "nonadmin", ...common });
  expect(users.of({ elevated: true })).toEqual({ name: "root", init: "admin", ...common });
  expect(users.owner).toBe(1_001_000);
});

test("where ids are one, a named user is whom its elevation makes it; where there is no sandbox, the agent's own", () => {
  const one = new NodeUsers(accounts, { ...ids, accounts: [] }, "me");
  expect(one.of(ANN)).toEqual({ name: "_azbatch", init: "nonadmin" });
  expect(one.of(BOSS)).toEqual({ name: "root", init: "admin" });
  const beside = new NodeUsers(accounts, undefined, "me");
  for (const who of [ANN, BOSS, { elevated: true }]) expect(beside.of(who)).toEqual({ name: "me", init: "" });
});

test("a user that the pool has not got is nobody anywhere", () => {
  for (const sandbox of [undefined, { ...ids, accounts: [] }, { ...ids, first: 1, accounts: placed }]) {
    expect(() => new NodeUsers(accounts, sandbox, "me").of({ username: "carl", elevated: true })).toThrow(
      expect.objectContaining({ code: "CommandLaunchFailed" }),
    );
  }
});
