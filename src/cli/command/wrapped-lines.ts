/** Text for a terminal of 80 columns. Long ids are broken after a slash, sentences at a space. */

const COLUMNS = 80;

/** A label and its value, which goes on below itself. */
export function labelled(label: string, value: string, indent = 2, labelWidth = 12): string {
  const start = " ".repeat(indent) + label.padEnd(labelWidth);
  const rest = " ".repeat(start.length);
  return broken(value, COLUMNS - start.length)
    .map((line, index) => `${index === 0 ? start : rest}${line}\n`)
    .join("");
}

/** Each line of the value under the same indent. */
export function indented(value: string, indent: number): string {
  return labelled("", value, indent, 0);
}

function broken(value: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of value.split(/(?<=[/ ])/)) {
    if (line !== "" && line.length + piece.trimEnd().length > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
    while (line.trimEnd().length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return [...lines, line];
}
