/** Whether nodes can have sandboxes of their own where the tests run. Tests that need one are skipped aloud elsewhere. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROBE = fileURLToPath(new URL("../../../src/agent/probe.ts", import.meta.url));

const probe = JSON.parse(execFileSync(process.execPath, [PROBE], { encoding: "utf8" }));

/** Why they cannot; undefined when they can. */
export const namespaceObstacle: string | undefined = probe.namespaceObstacle ?? undefined;

/** Whether each node has ids of its own, or all have the agent's one. */
export const haveOwnIds: boolean = probe.ids !== null;

/** Whether these are no other node's: an ordinary user's nodes share all that they have. */
export const haveOwnRanges: boolean = (probe.ids?.count ?? 0) > 1;

/** Why nodes have no roots of their own; undefined when they have. */
export const rootObstacle: string | undefined = probe.rootObstacle ?? undefined;

/** Why users cannot log in to them; undefined when they can. */
export const loginObstacle: string | undefined = probe.loginObstacle ?? undefined;

/** Why namespace nodes reach nothing but the service; undefined when they reach what the machine reaches. */
export const outboundObstacle: string | undefined = probe.outboundObstacle ?? undefined;

if (namespaceObstacle !== undefined) console.warn(`skipped, no namespace nodes here: ${namespaceObstacle}`);
