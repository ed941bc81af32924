/** Properties that are written and never read back. Source: API description, "UserAccount", "ContainerRegistry", mounts. */
const WRITTEN_ONLY = new Set(["password", "sshPrivateKey", "accountKey", "sasKey", "protectedSettings"]);

/** @param stored JSON */
export function parseWithoutSecrets<T>(stored: string): T {
  return JSON.parse(stored, (name, value: unknown) => (WRITTEN_ONLY.has(name) ? undefined : value)) as T;
}
