/** Two connections that are to be one: what comes on either goes out on the other, each way to its own end. */
import type { Socket } from "node:net";

/** One way is closed and the other silent for so long: whoever is there has gone. Milliseconds. */
const HALF_OPEN_MS = 60_000;

/** @param open holds both of them for as long as they are */
export function joinStreams(one: Socket, other: Socket, open: Set<Socket>): void {
  one.allowHalfOpen = true;
  other.allowHalfOpen = true;
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    open.add(from);
    from.setNoDelay(true);
    from.pipe(to);
    from.once("end", () => {
      for (const socket of [from, to]) socket.setTimeout(HALF_OPEN_MS, () => socket.destroy());
    });
    from.on("error", () => to.destroy());
    from.on("close", () => {
      open.delete(from);
      to.destroySoon();
    });
  }
}
