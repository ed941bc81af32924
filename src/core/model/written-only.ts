/**
 * Properties that are written and never read back. Nothing here acts on them (nobody logs in as a user account of a pool; mounts are not
 * built), so they are not kept either: what is not stored cannot leak. A registry's password is sealed before it comes here
 * (app/secrets/registry-passwords.ts). Source: API description, "UserAccount", "ContainerRegistry", mounts.
 */
const WRITTEN_ONLY = new Set(["password", "sshPrivateKey", "accountKey", "sasKey", "protectedSettings"]);

const SEALED = "sealedPassword";

const replaced = (name: string, value: unknown): unknown => (WRITTEN_ONLY.has(name) ? undefined : value);

/** The text in which a description of a pool, job or schedule is stored. */
export const specText = (spec: object): string => JSON.stringify(spec, replaced);

/** By which two are compared: a secret that is sealed twice is two texts. */
export const comparableText = (spec: object): string =>
  JSON.stringify(spec, (name, value) => (name === SEALED ? undefined : replaced(name, value)));

/** The document as it will be read back. */
export const asStored = <T extends object>(spec: T): T => JSON.parse(specText(spec)) as T;

/**
 * Without what is sealed, and for texts of before `specText`, which kept others.
 * @param stored JSON
 */
export const parseWithoutSecrets = <T>(stored: string): T =>
  JSON.parse(stored, (name, value) => (name === SEALED ? undefined : replaced(name, value))) as T;
