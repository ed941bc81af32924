/** Reads and changes a request's body by paths such as `poolInfo.poolId`. Pure: a change makes a new body. */
export type Body = Readonly<Record<string, unknown>>;

const isBody = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function bodyAt(body: Body, path: string): unknown {
  let value: unknown = body;
  for (const name of path.split(".")) value = isBody(value) ? value[name] : undefined;
  return value;
}

/** @param value undefined removes the property, and each object around it that holds nothing then */
export function bodyWith(body: Body, path: string, value: unknown): Body {
  const [name = "", ...rest] = path.split(".");
  const { [name]: before, ...others } = body;
  if (rest.length === 0) return value === undefined ? others : { ...body, [name]: value };
  const inner = bodyWith(isBody(before) ? before : {}, rest.join("."), value);
  return Object.keys(inner).length === 0 ? others : { ...body, [name]: inner };
}

/** What of a resource may be given again when one like it is made. */
export function bodyOf(resource: object, settable: readonly string[]): Body {
  const names = new Set(settable);
  return Object.fromEntries(
    Object.entries(resource).filter(([name, value]) => names.has(name) && value !== null),
  );
}

/** @returns what is wrong, in words, where the text is no body */
export function parsedBody(text: string): Body | string {
  try {
    const value: unknown = JSON.parse(text);
    return isBody(value) ? value : "This is no JSON object.";
  } catch (error) {
    return `This is no JSON: ${(error as Error).message}`;
  }
}
