import { expect, test } from "vitest";
import { IdentityTokens } from "../imds/identity-tokens.ts";
import { ServicePresence } from "../service-presence.ts";
import type { TransferNetwork } from "./outbound-request.ts";
import { RefusedReply } from "./refused-reply.ts";
import { repeated } from "./repeat.ts";

const tokens = new IdentityTokens(async () => ({ refusal: { status: 400, error: "e", description: "d" } }));

function network(): TransferNetwork {
  return { trustedOrigins: [], reach: undefined, service: new ServicePresence(), tokens };
}
const never = new AbortController().signal;

test("tries that fail while the service is away do not count, and the next one waits for it", async () => {
  const away = network();
  let tries = 0;
  const result = repeated("blob", "u", away, never, async () => {
    away.service.went();
    // It comes back only when this try has failed.
    setImmediate(() => away.service.came());
    if (++tries < 8) throw new RefusedReply(503);
    return "there";
  });
  expect(await result).toBe("there");
});

test("what will not pass, or does not while the service is there, is a fault", async () => {
  const there = network();
  there.service.came();
  let tries = 0;
  const failing = (status: number) => async () => {
    tries++;
    throw new RefusedReply(status, "Code: said");
  };
  await expect(repeated("blob", "u", there, never, failing(403))).rejects.toMatchObject({
    code: "BlobAccessDenied",
    message: "u: The server answered 403 Code: said",
  });
  expect(tries).toBe(1);
  await expect(repeated("upload", "u", there, never, failing(503))).rejects.toMatchObject({
    code: "FileUploadMiscError",
  });
  expect(tries).toBe(5);
});

test("who waits for the service can be told to stop", async () => {
  const away = network();
  const stop = new AbortController();
  const result = repeated("blob", "u", away, stop.signal, async () => {
    setImmediate(() => stop.abort(new Error("stopped")));
    throw new RefusedReply(503);
  });
  await expect(result).rejects.toThrow();
});
