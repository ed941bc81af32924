/**
 * The pattern of an output file: where below the node's root to look, and for what. Pure; matching takes time proportional to
 * pattern times name, whatever the pattern. Source: Azure Batch REST, "OutputFile".
 */

export interface FilePattern {
  /** The folder from which to look, by its names from the node's root. Uploaded names are relative to it. */
  readonly base: readonly string[];
  /** One for each name on the way from there; `**` stands for any number of folders. */
  readonly steps: readonly (NamePattern | "**")[];
  /** There are no wildcards: it names one file. */
  readonly isOne: boolean;
}

/** Whether a file's or a folder's name matches. */
export type NamePattern = (name: string) => boolean;

export interface PatternRoots {
  /** Absolute path of the node's folder. */
  readonly root: string;
  /** The run's working folder, by its names from there. */
  readonly workingFolder: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
}

/** Undefined for a pattern that leads out of the node's folder, or goes up behind a wildcard. */
export function filePattern(text: string, roots: PatternRoots): FilePattern | undefined {
  const expanded = text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, plain) => {
    return roots.environment.get(braced ?? plain) ?? whole;
  });
  const isAbsolute = expanded.startsWith("/");
  if (isAbsolute && !expanded.startsWith(`${roots.root}/`)) return undefined;
  const base = isAbsolute ? [] : [...roots.workingFolder];
  const names = (isAbsolute ? expanded.slice(roots.root.length) : expanded)
    .split("/")
    .filter((name) => name !== "" && name !== ".");
  while (names[0] !== undefined && !hasWildcard(names[0])) {
    const name = names.shift() as string;
    if (name !== "..") base.push(name);
    else if (base.pop() === undefined) return undefined;
  }
  if (names.includes("..")) return undefined;
  if (names.length === 0) {
    const name = base.pop();
    return name === undefined ? undefined : { base, steps: [(other) => other === name], isOne: true };
  }
  const steps = names
    .filter((name, at) => name !== "**" || names[at - 1] !== "**")
    .map((name) => (name === "**" ? name : namePattern(name)));
  if (steps.at(-1) === "**") steps.push(namePattern("*"));
  return { base, steps, isOne: false };
}

function hasWildcard(name: string): boolean {
  return /[*?[]/.test(name);
}

type Token = "*" | ((character: string) => boolean);

/** A leading dot is matched by a dot alone. */
export function namePattern(text: string): NamePattern {
  const tokens = tokensOf(text);
  return (name) => (!name.startsWith(".") || text.startsWith(".")) && matches(tokens, [...name]);
}

/** Only the last `*` ever has to give way: what earlier ones took can stay as it is. */
function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let [token, at, star, starAt] = [0, 0, -1, 0];
  while (at < name.length) {
    const current = tokens[token];
    if (current === "*") {
      star = token++;
      starAt = at;
    } else if (current?.(name[at] as string)) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (tokens[token] === "*") token++;
  return token === tokens.length;
}

/** Classes in brackets, and single characters; a bracket that nothing closes is one of these. */
function* partsOf(text: string): Generator<string> {
  const lastClosing = text.lastIndexOf("]");
  let at = 0;
  while (at < text.length) {
    const from = text.startsWith("[!", at) ? at + 2 : at + 1;
    const end = text[at] === "[" && from < lastClosing ? text.indexOf("]", from) : -1;
    const part = end > from ? text.slice(at, end + 1) : String.fromCodePoint(text.codePointAt(at) ?? 0);
    yield part;
    at += part.length;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const part of partsOf(text)) {
    if (part === "*") tokens.push("*");
    else if (part === "?") tokens.push(() => true);
    else if (part.length > 2 && part.startsWith("[")) tokens.push(classOf(part.slice(1, -1)));
    else tokens.push((character) => character === part);
  }
  return tokens;
}

function classOf(inner: string): Token {
  const isNegated = inner.startsWith("!");
  const ranges = [...(isNegated ? inner.slice(1) : inner).matchAll(/(.)-(.)|./gsu)];
  const isIn = (character: string) =>
    ranges.some(([one, low, high]) =>
      low === undefined || high === undefined ? one === character : low <= character && character <= high,
    );
  return (character) => isIn(character) !== isNegated;
}
