/** A certificate out of a text that may hold a private key beside it. Pure. */

const BEGIN = "-----BEGIN CERTIFICATE-----";
const END = "-----END CERTIFICATE-----";

/** @returns its base64, or undefined where there is none */
export function certificateOf(text: string): string | undefined {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin >= 0 && end < 0) return undefined;
  const body = (begin < 0 ? text : text.slice(begin + BEGIN.length, end)).replaceAll(/\s/g, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(body) ? body : undefined;
}
