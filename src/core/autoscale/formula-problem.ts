/** What is wrong with a formula, and where. */

/** 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type FormulaProblemCode =
  /** It cannot be read at all: nobody may set it. */
  | "AutoScalingFormulaSyntaxError"
  /** It can be read, and this run of it failed. */
  | "AutoScalingFormulaEvaluationError"
  /** There is less history than it asks for. */
  | "InsufficientSampleData";

export class FormulaProblem extends Error {
  readonly code: FormulaProblemCode;
  readonly place: Place;

  constructor(code: FormulaProblemCode, place: Place, message: string) {
    super(`Line ${place.line}, Col ${place.column}: ${message}`);
    this.name = "FormulaProblem";
    this.code = code;
    this.place = place;
  }
}
