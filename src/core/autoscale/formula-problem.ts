/** What is wrong with a formula, and where. */

/** 1-based. */
export interface Position {
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
  readonly position: Position;

  constructor(code: FormulaProblemCode, position: Position, message: string) {
    super(`Line ${position.line}, Col ${position.column}: ${message}`);
    this.name = "FormulaProblem";
    this.code = code;
    this.position = position;
  }
}
