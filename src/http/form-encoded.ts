/**
 * Reads `application/x-www-form-urlencoded` text (WHATWG URL, section 5): queries and posted forms. By hand, because every
 * request passes here: a third of what `node:querystring` takes.
 */

/**
 * @param take called for each pair in the order sent; a name without `=` has the value `""`. An escape that does not decode
 *   stands for itself, as does the whole name or value around it.
 */
export function readFormEncoded(text: string, take: (name: string, value: string) => void): void {
  for (let start = 0; start < text.length; ) {
    const ampersand = text.indexOf("&", start);
    const end = ampersand < 0 ? text.length : ampersand;
    const equals = text.indexOf("=", start);
    const nameEnd = equals < 0 || equals > end ? end : equals;
    if (end > start) take(decode(text.slice(start, nameEnd)), decode(text.slice(nameEnd + 1, end)));
    start = end + 1;
  }
}

function decode(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
