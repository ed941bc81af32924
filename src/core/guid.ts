/** GUIDs as the protocols write them: 32 hex digits in five groups, in either case, without braces. Source: RFC 9562, section 4. */

/** Its source, for patterns that hold one. */
export const GUID_PATTERN = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

const GUID = new RegExp(`^${GUID_PATTERN}$`, "i");

export function isGuid(text: string): boolean {
  return GUID.test(text);
}
