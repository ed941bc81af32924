import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ImageStore } from "./image-store.ts";
import { PullWatch } from "./pull-watch.ts";

const GIB = 2 ** 30;
let folder: string;
let store: ImageStore;
let bytes: number;
let watch: PullWatch;

/** What the machine has left for images is not the test's. */
vi.mock("../../core/lifecycle/disk-fullness.ts", () => ({ roomForImages: () => 8 * GIB - bytes }));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  bytes = 0;
  folder = mkdtempSync(join(tmpdir(), "batchyard-pull-watch-"));
  store = new ImageStore(folder);
  watch = new PullWatch({ store, account: "a", beside: () => 0, measure: async () => bytes });
});
afterEach(() => {
  watch.close();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** @param each what comes in every second */
async function seconds(count: number, each: () => void = () => {}): Promise<void> {
  for (let n = 0; n < count && !watch.signal.aborted; n++) {
    each();
    await vi.advanceTimersByTimeAsync(1_000);
  }
}

async function keep(id: string, account: string, size: number): Promise<void> {
  const stage = await store.makeStage();
  mkdirSync(join(stage, "rootfs"));
  const settings = { entrypoint: [], command: [], environment: [], workingFolder: "/" };
  await store.keep(stage, {
    id,
    names: [],
    pulled: [`r/${id}@d`],
    accounts: [account],
    bytes: size,
    ...settings,
  });
}

test("a registry that gives its bytes one by one holds a pull for good", async () => {
  watch.comes(folder);
  await seconds(3_600, () => void ++bytes);
  expect(watch.signal.reason).toMatchObject({
    message: expect.stringMatching(/^too slow: 12\d bytes in 12\d s$/),
  });
});

test("a registry that is slow, and goes on, is waited for; and so is whoever unpacks", async () => {
  watch.comes(folder);
  await seconds(600, () => {
    bytes += 100_000;
  });
  expect(watch.signal.aborted).toBe(false);
  watch.unpacks(folder);
  await seconds(290);
  expect(watch.signal.aborted).toBe(false);
  await seconds(60);
  expect(watch.signal.reason).toMatchObject({ message: expect.stringMatching(/^too slow: /) });
});

test("an account's pulls and images fill the machine, and others have no room for theirs", async () => {
  await keep("1", "a", 5 * GIB); // beside eight that are left, of which three quarters are nine and three quarters
  watch.comes(folder);
  bytes = 4.5 * GIB;
  await seconds(10);
  expect(watch.signal.aborted).toBe(false);
  bytes = 5 * GIB;
  await seconds(10);
  expect(watch.signal.reason).toMatchObject({ message: expect.stringContaining("disk quota exceeded") });
});

test("an account that pulls without end pushes out what others have", async () => {
  await keep("others", "b", 1);
  for (let n = 0; n < 3; n++) await keep(`own${n}`, "a", 2);
  for (let n = 0; n < 3; n++) expect(await store.dropUnused()).toBe(true);
  expect(store.all().map(({ id }) => id)).toEqual(["others"]);
  expect(await store.dropUnused("a")).toBe(false);
});

test("one image that many registries give, or many accounts ask for, fills the list that all read", async () => {
  for (let n = 0; n < 100; n++) await keep("1", `account${n}`, 1);
  const [image] = store.all();
  expect(image?.accounts).toHaveLength(64);
  expect(image?.accounts?.at(-1)).toBe("account99");
  for (let n = 0; n < 100; n++) {
    const stage = await store.makeStage();
    await store.keep(stage, { ...(image as NonNullable<typeof image>), pulled: [`r/${n}@d`] });
  }
  expect(store.all()[0]?.pulled).toHaveLength(32);
});
