/** Whether the service answers at all: asked without a token, for a file that costs nothing to send. */
import { Unreachable } from "./service-request.ts";

/** @throws Unreachable */
export async function answering(): Promise<true> {
  try {
    await fetch("/portal/icon.svg", { method: "HEAD", cache: "no-store", credentials: "omit" });
    return true;
  } catch {
    throw new Unreachable();
  }
}
