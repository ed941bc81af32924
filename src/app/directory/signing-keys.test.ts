import { afterEach, beforeEach, expect, test } from "vitest";
import { type DirectoryFixture, openDirectoryFixture, START } from "./directory.fixture.ts";
import { openSigningKeys, type SigningKeys } from "./signing-keys.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;

let fixture: DirectoryFixture;
let keys: SigningKeys;
let now = START;
beforeEach(async () => {
  fixture = await openDirectoryFixture();
  now = START;
  keys = await openSigningKeys(fixture.store, fixture.sealing, () => now);
});
afterEach(() => fixture.close());

const published = () => keys.published.map(({ kid }) => kid);

async function at(time: number): Promise<void> {
  now = time;
  await keys.roll();
}

test("the next key is published a day before it signs, the last one until its tokens have ended", async () => {
  const first = keys.active.kid;
  await at(START + 41 * DAY - 1);
  expect(published()).toEqual([first]);
  await at(START + 41 * DAY);
  expect(published()).toHaveLength(2);
  const second = published()[1];
  await at(START + 42 * DAY - 1);
  expect(keys.active.kid).toBe(first);
  now = START + 42 * DAY;
  expect(keys.active.kid).toBe(second);
  await at(START + 43 * DAY + HOUR - 1);
  expect(published()).toEqual([first, second]);
  await at(START + 43 * DAY + HOUR);
  expect(published()).toEqual([second]);
});

test("after a long sleep the old key goes on for the day in which the new one becomes known", async () => {
  const first = keys.active.kid;
  await at(START + 400 * DAY);
  expect(published()).toHaveLength(2);
  expect(keys.active.kid).toBe(first);
  now += DAY;
  expect(keys.active.kid).toBe(published()[1]);
});

test("rolling again, at once, or in another process, makes no further key", async () => {
  now = START + 41 * DAY;
  const other = await openSigningKeys(fixture.store, fixture.sealing, () => now);
  await Promise.all([keys.roll(), other.roll(), keys.roll()]);
  await keys.roll();
  await other.roll();
  expect(published()).toHaveLength(2);
  expect(other.published).toEqual(keys.published);
});
