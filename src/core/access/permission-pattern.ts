/**
 * The wildcards of role definitions: `*` stands for any characters, `/` included; case does not matter ("Azure role
 * definitions", section "Actions format"). Matched without backtracking: the text between two stars is searched for
 * once, leftmost, so a hostile pattern costs no more than its length times the name's.
 */

import { asciiLowerCase } from "./ascii-lower-case.ts";

/** The pattern of a list that matches, as its author wrote it. The name is given in lower case. */
export type PatternList = (lowerCaseName: string) => string | undefined;

/**
 * Azure checks the assigning of an identity under a name that lacks the wildcard's segment of the pattern which the
 * role Managed Identity Operator grants it with; that pattern therefore matches both.
 */
const IDENTITY_ASSIGNMENT = "/userassignedidentities/*/assign/action";
const IDENTITY_ASSIGNMENT_CHECK = "/userassignedidentities/assign/action";

export function compilePatterns(patterns: readonly string[]): PatternList {
  const exact = new Map<string, string>();
  const wild: { pattern: string; matches: (name: string) => boolean }[] = [];
  for (const pattern of patterns) {
    const folded = asciiLowerCase(pattern);
    if (folded.endsWith(IDENTITY_ASSIGNMENT)) {
      const check = folded.slice(0, -IDENTITY_ASSIGNMENT.length) + IDENTITY_ASSIGNMENT_CHECK;
      wild.push({ pattern, matches: compilePattern(check) });
    }
    if (folded.includes("*")) wild.push({ pattern, matches: compilePattern(folded) });
    else exact.set(folded, pattern);
  }
  return (name) => exact.get(name) ?? wild.find(({ matches }) => matches(name))?.pattern;
}

function compilePattern(pattern: string): (name: string) => boolean {
  const [prefix = "", ...rest] = pattern.split("*");
  const suffix = rest.pop();
  if (suffix === undefined) return (name) => name === pattern;
  const between = rest.filter((text) => text !== "");
  return (name) => {
    const end = name.length - suffix.length;
    if (end < prefix.length || !name.startsWith(prefix) || !name.endsWith(suffix)) return false;
    let from = prefix.length;
    for (const text of between) {
      const found = name.indexOf(text, from);
      from = found + text.length;
      if (found === -1 || from > end) return false;
    }
    return true;
  };
}
