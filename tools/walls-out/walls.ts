/** All walls, in the order of the findings. */
import { AUTHORIZATION } from "./authorization.ts";
import { CONTAINER_WALLS } from "./containers.ts";
import { DOORS } from "./doors.ts";
import { NODES } from "./nodes.ts";
import { REQUESTS } from "./requests.ts";
import type { Wall } from "./wall.ts";

export const WALLS: readonly Wall[] = [
  ...AUTHORIZATION,
  ...REQUESTS,
  ...NODES,
  ...DOORS,
  ...CONTAINER_WALLS,
].sort((a, b) => a.finding - b.finding);
