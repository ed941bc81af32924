/**
 * A blob's content in frames with checksums, where the client asked for them: they are made here, as the bytes pass. Source: what Azure's
 * clients of 2024 and later were seen to ask for and to read.
 */
import type { IncomingMessage } from "node:http";
import { pipeline, type Readable, Transform } from "node:stream";
import { StructuredFrames } from "../../core/storage/structured-frames.ts";

export interface FramedReply {
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Readable;
}

/** @param headers of the reply without frames; @param kind as the client asked for it */
export function framedReply(reply: IncomingMessage, headers: readonly string[], kind: string): FramedReply {
  const length = Number(reply.headers["content-length"]);
  const frames = new StructuredFrames(length);
  const own = [
    ...["content-length", String(frames.length)],
    ...["x-ms-structured-body", kind, "x-ms-structured-content-length", String(length)],
  ];
  const kept = headers.filter((_, at) => headers[at - (at % 2)]?.toLowerCase() !== "content-length");
  const body = new Transform({
    transform(piece: Buffer, _, done) {
      try {
        for (const part of frames.frame(piece)) this.push(part);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        done(null, frames.end());
      } catch (error) {
        done(error as Error);
      }
    },
  });
  body.push(frames.start());
  // An error is the body's reader's to hear.
  pipeline(reply, body, () => {});
  return { headers: [...kept, ...own], body };
}
