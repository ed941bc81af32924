/** What is wrong with one property of a request body, and how it is told to the client. */
import { Fault, type FaultValue } from "../fault.ts";

/** Codes of "Batch Status and Error Codes". */
export type PropertyProblemCode =
  | "InvalidRequestBody"
  | "InvalidPropertyValue"
  | "MissingRequiredProperty"
  | "UnsupportedProperty"
  | "EmptyMetadataKey";

export class PropertyProblem {
  readonly code: PropertyProblemCode;
  readonly reason: string;
  readonly value: unknown;
  /** Outermost first, e.g. `["resourceFiles", "[2]", "filePath"]`. */
  readonly path: string[] = [];

  constructor(code: PropertyProblemCode, reason: string, value?: unknown) {
    this.code = code;
    this.reason = reason;
    this.value = value;
  }

  /** Called on the way out, once for every level. */
  within(step: string): this {
    this.path.unshift(step);
    return this;
  }

  /** `PropertyName` is the bare name, as the real service gives it; `PropertyPath` says where it lies when it is nested. */
  fault(): Fault {
    const values: FaultValue[] = [];
    const name = this.path.findLast((step) => !step.startsWith("["));
    if (name) values.push({ key: "PropertyName", value: name });
    if (this.path.length > 1)
      values.push({ key: "PropertyPath", value: this.path.join(".").replaceAll(".[", "[") });
    if (this.code === "InvalidPropertyValue") values.push({ key: "PropertyValue", value: shown(this.value) });
    values.push({ key: "Reason", value: this.reason });
    return new Fault(this.code, "", { values });
  }
}

const SHOWN_CHARACTERS = 256;

/** Long values are cut: an error body is no echo. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}
