/** Puts ids into a path so that each stays the one segment it is meant to be. */

/** Named after the URL's part; a plain string is not taken for one. */
export type RequestPath = string & { readonly __requestPath: true };

/**
 * `` path`/jobs/${jobId}` ``
 * @throws TypeError for an id that would name another resource: empty, `.` or `..`
 */
export function path(literals: TemplateStringsArray, ...ids: readonly string[]): RequestPath {
  return literals.reduce((before, after, index) => before + segment(ids[index - 1]) + after) as RequestPath;
}

function segment(id: string | undefined): string {
  // Encoded or not, URLs take dot segments for directions.
  if (typeof id !== "string" || /^\.{0,2}$/.test(id)) {
    throw new TypeError(`${JSON.stringify(id)} cannot be an id or a path`);
  }
  return encodeURIComponent(id);
}
