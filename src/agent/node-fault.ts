/** A node or a run that cannot be had, with the reason that the service is told. */
export class NodeFault extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
