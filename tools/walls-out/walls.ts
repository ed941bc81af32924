/** All walls, in the order of the findings. */
import { AUTHORIZATION } from "./authorization.ts";
import { DOORS } from "./doors.ts";
import { NODES } from "./nodes.ts";
import { REQUESTS } from "./requests.ts";
import type { Wall } from "./wall.ts";

export const WALLS: readonly Wall[] = [...AUTHORIZATION, ...REQUESTS, ...NODES, ...DOORS].sort(
  (a, b) => a.finding - b.finding,
);
