import { afterAll, expect, it } from "vitest";
import { batchyard, temporaryFolder } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
afterAll(tmp.remove);

it("the demo runs 100 real tasks with the official packages and adds up what they wrote", async () => {
  const { code, stdout, stderr } = await batchyard(["demo"], {
    environment: { ...process.env, XDG_STATE_HOME: tmp.path },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("100/100 done");
  expect(stdout).toMatch(/^thousand-00 wrote: 168$/m);
  expect(stdout).toMatch(/^9592 primes below 100,000, in [\d.]+ s\.$/m);
  expect(stdout).toContain("What to try next:");
});
