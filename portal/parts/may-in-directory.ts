/**
 * What the signed-in user may do in the directory, by the directory roles that Graph says they hold and by the service's own table.
 * Decides only what is offered.
 */
import { useQuery } from "@tanstack/react-query";
import { refusedBy, userAtPage } from "../../src/core/access/graph-access.ts";
import type { GraphAccess } from "../../src/wire/graph/access.ts";
import { ownDirectoryRoles } from "../api/directory.ts";
import type { Missing } from "./may.ts";

/** Until it is known, everything is offered: the service refuses what may not be. */
export function useMayInDirectory(): (access: GraphAccess) => Missing {
  const { data } = useQuery({
    queryKey: ["own-directory-roles"],
    queryFn: ownDirectoryRoles,
    staleTime: 30_000,
  });
  return (access) => {
    const refusal = data && refusedBy(access, userAtPage(new Set(data)));
    return refusal && "anyOf" in refusal ? { directoryRoles: refusal.anyOf } : undefined;
  };
}
