/** The body of Blob Batch: requests in a multipart message, read line by line. Pure. Sources: "Blob Batch", section "Request body"; RFC 2046 section 5.1. */

export interface BatchPart {
  /** `Content-ID`, as the reply is to repeat it. */
  readonly id: string;
  readonly method: string;
  /** Path and query, still encoded. */
  readonly target: string;
  /** By small names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** "Blob Batch", section "Remarks". */
const PARTS_MAX = 256;
const LINE_MAX_CHARACTERS = 16 * 1024;
const HEADERS_MAX = 64;
/** Ours: frame, request line, and both their headers. */
const LINES_MAX = 2 * HEADERS_MAX + 4;
/** Ours: what Azure's clients write has some hundreds. */
const PART_MAX_CHARACTERS = 64 * 1024;
const BOUNDARY = /^[\w'()+,./:=?-]{1,70}$/;

/**
 * @param body one character a byte
 * @param contentType of the whole
 * @returns a sentence for what is no batch
 */
export function readBatch(body: string, contentType: string): readonly BatchPart[] | string {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return "The Content-Type is no multipart/mixed with a boundary.";
  const parts: BatchPart[] = [];
  const mark = `--${boundary}`;
  const last = `${mark}--`;
  let part: string[] | undefined;
  let characters = 0;
  for (const line of linesOf(body)) {
    if (!line.startsWith(mark)) {
      characters += line.length + 1;
      if (part !== undefined && part.push(line) > LINES_MAX)
        return `A request has at most ${LINES_MAX} lines.`;
      if (characters > PART_MAX_CHARACTERS) return `A request has at most ${PART_MAX_CHARACTERS} characters.`;
      continue;
    }
    if (part !== undefined) {
      const read = partOf(part);
      if (typeof read === "string") return read;
      if (parts.push(read) > PARTS_MAX) return `A batch has at most ${PARTS_MAX} requests.`;
      if (line === last) return parts;
    } else if (line !== mark) return "The body does not begin with its boundary.";
    part = [];
    characters = 0;
  }
  return `The body does not ${part === undefined ? "begin" : "end"} with its boundary.`;
}

/** One by one: a body of four megabytes may have as many lines. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    yield text.slice(start, end > start && text[end - 1] === "\r" ? end - 1 : end);
    start = end + 1;
  }
}

function boundaryOf(contentType: string): string | undefined {
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim());
  const given = parameters
    .find((part) => part.toLowerCase().startsWith("boundary="))
    ?.slice("boundary=".length);
  const boundary = given?.startsWith('"') && given.endsWith('"') ? given.slice(1, -1) : given;
  const isRight =
    type.toLowerCase() === "multipart/mixed" && boundary !== undefined && BOUNDARY.test(boundary);
  return isRight ? boundary : undefined;
}

function partOf(lines: readonly string[]): BatchPart | string {
  const outer = lines.indexOf("");
  if (outer < 0) return "A part has no request.";
  const inner = lines.indexOf("", outer + 1);
  const request = lines.slice(outer + 1, inner < 0 ? lines.length : inner);
  const frame = headersOf(lines.slice(0, outer));
  const [first = "", ...rest] = request;
  const headers = headersOf(rest);
  const [method = "", target = "", version = "", ...more] = first.split(" ");
  if (!frame || !headers || more.length > 0 || version !== "HTTP/1.1" || !target.startsWith("/")) {
    return "A part is no HTTP/1.1 request.";
  }
  const id = frame["content-id"] ?? "";
  if (!/^[\x21-\x7e]{1,256}$/.test(id)) return "A part has no Content-ID.";
  return { id, method, target, headers };
}

function headersOf(lines: readonly string[]): Record<string, string> | undefined {
  if (lines.length > HEADERS_MAX) return undefined;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    if (!/^[\w-]{1,128}$/.test(name) || headers.has(name) || line.length > LINE_MAX_CHARACTERS)
      return undefined;
    headers.set(name, line.slice(colon + 1).trim());
  }
  return Object.fromEntries(headers);
}
