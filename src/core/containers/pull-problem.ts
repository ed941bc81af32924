/**
 * Why an image could not be had, in the words of a node's error or a task's `failureInfo`. Pure. The codes are those that Azure's nodes
 * give, as programs and reports quote them; what skopeo(1) and umoci(1) say goes with them.
 */
export interface PullProblem {
  readonly code: "ContainerInvalidImage" | "DiskFull";
  readonly message: string;
}

/** Of a registry's own words. */
const SAID_MAX_CHARACTERS = 600;

const NO_SPACE = /no space left on device|disk quota exceeded/i;
const SHARE_TAKEN = /^disk quota exceeded: (?<why>[\w' ]{1,100})$/;
/** Most telling first. */
const REASONS: readonly (readonly [said: RegExp, reason: string])[] = [
  [/no image found in (manifest list|image index) for/i, "it is for other processors than this machine's"],
  [/^too slow/i, "what it is made of comes too slowly"],
  [
    /unauthorized|authentication required|invalid username\/password|denied/i,
    "the registry refuses it: a user name and password, or an identity, that may pull it goes into containerRegistries",
  ],
  [/manifest unknown|name unknown|repository name not known|not found/i, "the registry has no such image"],
  [
    /digest did not match|did not match|corrupt|invalid (tar )?header|unexpected EOF|verification/i,
    "a layer of it is broken",
  ],
  [
    /connection refused|no such host|no route|network is unreachable|i\/o timeout|server gave HTTP response|certificate/i,
    "the registry cannot be reached",
  ],
];

/** @param said on stderr by the program that failed */
export function pullProblem(image: string, said: string): PullProblem {
  const text = lastWords(said);
  if (NO_SPACE.test(said)) {
    const why = SHARE_TAKEN.exec(said)?.groups?.why;
    const more = why === undefined ? "" : `: ${why}`;
    return { code: "DiskFull", message: `The node's disk has no space for the image ${image}${more}` };
  }
  const reason = REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? "it could not be pulled";
  return { code: "ContainerInvalidImage", message: `The image ${image} cannot be had: ${reason} (${text})` };
}

function lastWords(said: string): string {
  const line = said.trim().split("\n").at(-1) ?? "";
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(line.slice(0, 4 * SAID_MAX_CHARACTERS))?.[1] ?? line;
  return message.replaceAll('\\"', '"').slice(0, SAID_MAX_CHARACTERS);
}
