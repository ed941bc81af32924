/**
 * Text with the terminal's colours, in spans that name a look. Every other control sequence is left out, links and titles included: nothing
 * that a task writes does anything but colour its own text. Pure, and linear in the text's length.
 */

export interface Span {
  readonly text: string;
  /** Words of a look, such as `bold red`; empty for none. */
  readonly look: string;
  /** Where it begins in the text, so that spans can be told apart. */
  readonly start: number;
}

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
/** So many spans a page can bear; the rest comes without colours. */
const SPANS_MAX = 20_000;
const ESCAPE = "\u001b";
const BELL = "\u0007";

export function ansiSpans(text: string): Span[] {
  const spans: Span[] = [];
  let bold = false;
  let colour = "";
  let from = 0;
  const add = (to: number) => {
    const part = withoutControls(text.slice(from, to));
    if (part !== "")
      spans.push({ text: part, look: [bold && "bold", colour].filter(Boolean).join(" "), start: from });
  };
  for (let at = text.indexOf(ESCAPE); at >= 0 && spans.length < SPANS_MAX; at = text.indexOf(ESCAPE, from)) {
    add(at);
    const { end, codes } = sequenceAt(text, at);
    from = end;
    for (const code of codes) {
      if (code === 0) {
        bold = false;
        colour = "";
      } else if (code === 1) bold = true;
      else if (code === 22) bold = false;
      else if (code === 39) colour = "";
      else colour = COLOURS[code >= 90 ? code - 90 : code - 30] ?? colour;
    }
  }
  add(text.length);
  return spans;
}

/** So long a sequence may be; what goes on for longer is none. */
const SEQUENCE_MAX = 512;

/** The control sequence that begins there, and the codes of its colours where it has some. */
function sequenceAt(text: string, at: number): { readonly end: number; readonly codes: readonly number[] } {
  const kind = text[at + 1];
  const window = text.slice(at + 2, at + 2 + SEQUENCE_MAX);
  if (kind === "[") {
    const length = window.search(/[@-~]/);
    if (length < 0) return { end: at + 2, codes: [] };
    const body = window.slice(0, length);
    const isColour = window[length] === "m" && /^[\d;]{0,64}$/.test(body);
    return { end: at + 2 + length + 1, codes: isColour ? body.split(";").map(Number) : [] };
  }
  if (kind === "]" || kind === "P" || kind === "_" || kind === "^") {
    // Titles, links, and what else goes on up to its own end.
    const ends = [window.indexOf(BELL), window.indexOf(`${ESCAPE}\\`)].filter((end) => end >= 0);
    if (ends.length === 0) return { end: at + 2, codes: [] };
    const length = Math.min(...ends);
    return { end: at + 2 + length + (window[length] === BELL ? 1 : 2), codes: [] };
  }
  return { end: at + 2, codes: [] };
}

/** A progress bar overwrites its line by going back to its beginning: of such a line the last state counts. */
function withoutControls(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const last = lines.map((line) => line.slice(line.lastIndexOf("\r", line.length - 2) + 1)).join("\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return last.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}
