import { describe, expect, it } from "vitest";
import { idMap, idsFromZero, subordinateRange } from "./subordinate-ids.ts";

const ann = { name: "ann", id: 1001 };

describe("the subordinate ids of a user", () => {
  it("are found by name and by number, the longest range of several", () => {
    const content = "bob:100000:65536\nann:200000:1000\n1001:300000:65536\n";
    expect(subordinateRange(content, ann)).toEqual({ first: 300_000, length: 65_536 });
  });

  it.each([
    "",
    "bob:100000:65536",
    "annabel:100000:65536",
    "ann:100000",
    "ann:x:65536",
    "ann:1:2:3",
    "#ann:100000:65536",
    "ann:100000:0",
    "ann:1e5:65536",
  ])("are none in %j", (content) => {
    expect(subordinateRange(content, ann)).toBeUndefined();
  });

  it("follow the user's own id, who is root among them", () => {
    expect(idMap(1001, { first: 100_000, length: 65_536 })).toBe("0 1001 1 1 100000 65536");
  });
});

describe("ids from zero on", () => {
  it.each([
    ["         0          0 4294967295\n", 4_294_967_295],
    ["         0       1001          1\n         1     100000      65536\n", 65_537],
    ["         0     100000      65536\n", 65_536],
    ["      1001       1001          1\n", 0],
    ["         0       1001          1\n     65534     100000          1\n", 1],
    ["", 0],
  ])("of the map %j are %i", (content, known) => {
    expect(idsFromZero(content)).toBe(known);
  });
});
