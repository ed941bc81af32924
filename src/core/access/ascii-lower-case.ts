/**
 * Lower case for names that Azure compares without case. ASCII only: full Unicode folding would make one of two names
 * that a store keeps apart (the Kelvin sign and `k`), and so grant on one what was assigned on the other.
 */
export function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
