/** The passwords of registries: sealed before anything is stored, and opened for the agent that is to use them. */
import { registriesIn, type StoredRegistry } from "../../core/containers/stored-registries.ts";
import type { RegistryAccess } from "../../wire/agent/messages.ts";
import type { ContainerRegistry } from "../../wire/batch/models-types.gen.ts";
import type { Sealing } from "./sealing.ts";

/** Azure's default. */
const DOCKER_HUB = "docker.io";

/** Puts the sealed password in the place of each. @param body checked against its model already */
export function sealRegistryPasswords(sealing: Sealing, body: unknown): void {
  for (const registry of registriesIn(body)) {
    const { password } = registry;
    if (password === undefined) continue;
    delete registry.password;
    const sealedPassword = sealing.seal(Buffer.from(password), purpose(registry));
    Object.assign(registry, { sealedPassword });
  }
}

/** @param registry as it has been stored */
export function registryAccess(sealing: Sealing, registry: ContainerRegistry): RegistryAccess {
  const { registryServer, username, identityReference, sealedPassword } = registry as StoredRegistry;
  const identity = identityReference?.resourceId;
  return {
    server: registryServer ?? DOCKER_HUB,
    ...(username !== undefined && { username }),
    ...(sealedPassword !== undefined && {
      password: sealing.unseal(sealedPassword, purpose(registry)).toString(),
    }),
    ...(identity !== undefined && { identity }),
  };
}

/** No password opens for another's name. */
function purpose({
  registryServer = DOCKER_HUB,
  username = "",
}: Pick<ContainerRegistry, "registryServer" | "username">): string {
  return `registry/${registryServer}/${username}`;
}
