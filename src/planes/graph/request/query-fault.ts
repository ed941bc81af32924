/** A query that Graph does not take. */
import { Fault } from "../../../core/fault.ts";

export const badQuery = (message: string): Fault => new Fault("BadRequest", message, { status: 400 });
