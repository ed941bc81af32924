import { expect, test } from "vitest";
import { imageAllowance, imageToGo, type KeptImage } from "./image-share.ts";

const GIB = 2 ** 30;
const image = (
  id: string,
  accounts: readonly string[],
  gib: number,
  usedAt: number,
  canGo = true,
): KeptImage => ({
  id,
  accounts,
  bytes: gib * GIB,
  usedAt,
  canGo,
});

test("one account may have three quarters of the room, and what others have is no less theirs", () => {
  expect(imageAllowance([], 8 * GIB, "a")).toBe(6 * GIB);
  const images = [image("1", ["a"], 5, 1, false), image("2", ["b"], 1, 2), image("3", ["a", "b"], 1, 3)];
  expect(imageAllowance(images, GIB, "a")).toBe(0);
  expect(imageAllowance(images, GIB, "b")).toBe(4 * GIB);
  // What the reserve has lost already is nobody's room.
  expect(imageAllowance(images, -GIB, "a")).toBe(-0.75 * GIB);
});

test("a hundred thousand small images are not one account's to have", () => {
  const many = Array.from({ length: 256 }, (_, n) => image(String(n), ["a"], 0, n));
  expect(imageAllowance(many.slice(1), GIB, "a")).toBeGreaterThan(0);
  expect(imageAllowance(many, GIB, "a")).toBe(Number.NEGATIVE_INFINITY);
  expect(imageAllowance(many, GIB, "b")).toBeGreaterThan(0);
});

test("the image that makes room is one of whoever has the most, and the one that was asked for longest ago", () => {
  const pushed = [
    image("new", ["attacker"], 3, 9),
    image("newer", ["attacker"], 3, 10),
    image("old", ["b"], 2, 1),
  ];
  expect(imageToGo(pushed)).toBe("new");
  // What both have asked for goes as that which the smaller one has.
  expect(imageToGo([image("shared", ["attacker", "b"], 3, 0), ...pushed])).toBe("new");
  expect(imageToGo([image("left", [], 1, 20), ...pushed])).toBe("left");
});

test("what a node stands on stays, and so does what others have, where an account is to make room for itself", () => {
  const images = [
    image("held", ["a"], 3, 0, false),
    image("both", ["a", "b"], 3, 1),
    image("b's", ["b"], 3, 1),
  ];
  expect(imageToGo(images, "a")).toBeUndefined();
  expect(imageToGo([...images, image("own", ["a"], 1, 5)], "a")).toBe("own");
});
