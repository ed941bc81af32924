/**
 * Lower case for names that Azure compares without case. ASCII only: full Unicode folding would make one of two names
 * that a store keeps apart (the Kelvin sign and `k`), and so grant on one what was assigned on the other.
 */
export function asciiLowerCase(text: string): string {
  // Of ASCII alone, which is what nearly all names are of, the built-in does the same and far faster.
  return /^[\0-\x7f]*$/.test(text)
    ? text.toLowerCase()
    : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
