/** Rows of a table with commas, quotes as RFC 4180 ("Definition of the CSV Format") has them. Pure, and linear in the text's length. */
import { type ParameterRow, TASKS_MAX } from "./sweep.ts";

const COLUMNS_MAX = 50;

/** @returns what is wrong, in words, where the text is no table; else a row a line, by the names of the first line */
export function csvRows(text: string): readonly ParameterRow[] | string {
  const records = recordsOf(text);
  if (typeof records === "string") return records;
  const [names, ...rows] = records;
  if (names === undefined) return "The first line names the columns, e.g. id,commandLine.";
  if (names.length > COLUMNS_MAX) return `A table has at most ${COLUMNS_MAX} columns.`;
  const heads = names.map((name) => name.trim());
  if (heads.some((name) => !/^[\w.:-]{1,64}$/.test(name)) || new Set(heads).size < heads.length)
    return "The first line names the columns, each once, in letters, digits, hyphens and full stops.";
  if (rows.length === 0) return "There is no line below the names of the columns.";
  if (rows.length > TASKS_MAX) return `At most ${TASKS_MAX} tasks are made at once.`;
  const odd = rows.findIndex((row) => row.length !== heads.length);
  if (odd >= 0)
    return `Record ${odd + 1} has ${rows[odd]?.length} fields; there are ${heads.length} columns.`;
  return rows.map((row) => Object.fromEntries(heads.map((name, index) => [name, row[index] ?? ""])));
}

function recordsOf(text: string): string[][] | string {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    const field = fieldAt(text, at);
    if (field === undefined) return `A quote that begins in record ${records.length} does not end.`;
    record.push(field.value);
    at = field.end + 1;
    const isLast = text[field.end] !== ",";
    if (!isLast && at < text.length) continue;
    if (!isLast) record.push("");
    // A line without anything on it is none.
    if (record.length > 1 || record[0] !== "") records.push(record);
    record = [];
  }
  return records;
}

/** @returns where the comma or the line's end behind it stands; undefined for a quote without an end */
function fieldAt(text: string, from: number): { readonly value: string; readonly end: number } | undefined {
  if (text[from] !== '"') {
    const end = lineOrComma(text, from);
    return { value: text.slice(from, end).replace(/\r$/, ""), end };
  }
  let value = "";
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return undefined;
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: lineOrComma(text, quote + 1) };
    value += '"';
    at = quote + 2;
  }
}

function lineOrComma(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "," && text[at] !== "\n") at += 1;
  return at;
}
