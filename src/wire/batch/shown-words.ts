/**
 * Words that replies spell otherwise than the descriptions, by enum; requests take every spelling. Source: replies of the service; for
 * 2025-06-01 its own description, which renames two words that older versions spell the old way.
 */

export interface ShownWord {
  readonly described: string;
  readonly shown: string;
  /** The api-version from which on it is spelled so; without it, always. */
  readonly since?: string;
}

const words = (...pairs: readonly (readonly [described: string, shown: string])[]): readonly ShownWord[] =>
  pairs.map(([described, shown]) => ({ described, shown }));

export const SHOWN_WORDS: Readonly<Record<string, readonly ShownWord[]>> = {
  CachingType: words(["none", "None"], ["readonly", "ReadOnly"], ["readwrite", "ReadWrite"]),
  ComputeNodeFillType: words(["spread", "Spread"], ["pack", "Pack"]),
  ErrorCategory: words(["usererror", "UserError"], ["servererror", "ServerError"]),
  DiffDiskPlacement: [{ described: "CacheDisk", shown: "cachedisk", since: "2025-06-01" }],
  SecurityTypes: [{ described: "confidentialVM", shown: "confidentialvm", since: "2025-06-01" }],
};
