/**
 * Properties that are written and never read back. Nothing here acts on them (users of nodes, registries and mounts are not built), so they
 * are not kept either: what is not stored cannot leak. Source: API description, "UserAccount", "ContainerRegistry", mounts.
 */
const WRITTEN_ONLY = new Set(["password", "sshPrivateKey", "accountKey", "sasKey", "protectedSettings"]);

const replaced = (name: string, value: unknown): unknown => (WRITTEN_ONLY.has(name) ? undefined : value);

/** The text in which a description of a pool, job or schedule is stored. */
export const specText = (spec: object): string => JSON.stringify(spec, replaced);

/**
 * For texts of before `specText`, which kept them.
 * @param stored JSON
 */
export const parseWithoutSecrets = <T>(stored: string): T => JSON.parse(stored, replaced) as T;
