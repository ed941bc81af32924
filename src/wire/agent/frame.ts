/**
 * Frames of the link between service and agent: how messages become frames, and how frames that a peer has sent become messages, or
 * the reason for which the connection is closed. Pure.
 */
import type { Check } from "./check.ts";

/** Close codes: RFC 6455, section 7.4.1. The data is not what its type says; it is, and breaks what was agreed on. */
export const CLOSE_NO_DATA = 1007;
export const CLOSE_MISFIT = 1008;

/** No agent sends a longer frame; one that does is cut off (1009). */
export const FRAME_MAX_BYTES = 1024 * 1024;
/** A frame is filled up to here, so that no turn of the reader's takes long. Characters. */
const FRAME_FULL = 256 * 1024;
const MESSAGES_MAX = 20_000;
/** Of lists and objects within each other; ours have some six. */
const DEPTH_MAX = 100;
/** Longer frames are looked through for their depth first: a million brackets would take their reader some 80 ms to refuse. Characters. */
const LONG_FRAME = 64 * 1024;
/** Texts that say why something has failed are cut off here by whoever says them. */
export const SAID_MAX_CHARACTERS = 10_000;

export class FrameFault extends Error {
  readonly closeCode: number;
  constructor(closeCode: number, message: string) {
    super(message);
    this.closeCode = closeCode;
  }
}

/** @returns the frames' texts, in order */
export function writeFrames(messages: readonly object[]): string[] {
  const frames: string[] = [];
  let frame = "";
  for (const message of messages) {
    const text = JSON.stringify(message);
    if (frame !== "" && frame.length + text.length > FRAME_FULL) {
      frames.push(`[${frame}]`);
      frame = text;
    } else frame = frame === "" ? text : `${frame},${text}`;
  }
  if (frame !== "") frames.push(`[${frame}]`);
  return frames;
}

/** All of a frame's messages or none. @throws FrameFault */
export function readFrame<T>(frame: string, check: Check<T>): readonly T[] {
  const messages = readMessages(frame);
  for (const message of messages) {
    const problem = check(message);
    if (problem !== undefined) throw new FrameFault(CLOSE_MISFIT, `A message ${problem}.`);
  }
  return messages as readonly T[];
}

/** A frame's messages, not looked at yet. @throws FrameFault */
export function readMessages(frame: string): readonly unknown[] {
  if (frame.length > LONG_FRAME && isTooDeep(frame))
    throw new FrameFault(CLOSE_NO_DATA, "The frame is no JSON of this link's: it is too deep.");
  let messages: unknown;
  try {
    messages = JSON.parse(frame);
  } catch {
    throw new FrameFault(CLOSE_NO_DATA, "The frame is no JSON.");
  }
  if (!Array.isArray(messages)) throw new FrameFault(CLOSE_MISFIT, "The frame is no list of messages.");
  if (messages.length > MESSAGES_MAX)
    throw new FrameFault(CLOSE_MISFIT, `The frame has more than ${MESSAGES_MAX} messages.`);
  return messages;
}

function isTooDeep(frame: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < frame.length; at++) {
    switch (frame.charCodeAt(at)) {
      case 0x22: // "
        isText = !isText;
        break;
      case 0x5c: // \\, and what it stands before
        at++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (!isText && ++depth > DEPTH_MAX) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        if (!isText) depth--;
        break;
    }
  }
  return false;
}

/** The number of the question that it answers, then the bytes. */
const CHUNK_HEADER_BYTES = 8;

/** A piece of a file, as a binary frame: an unsigned number of 64 bits, big-endian, and the bytes. */
export function writeChunk(id: number, bytes: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(CHUNK_HEADER_BYTES + bytes.length);
  frame.writeBigUInt64BE(BigInt(id));
  bytes.copy(frame, CHUNK_HEADER_BYTES);
  return frame;
}

/** The bytes are the frame's own. @throws FrameFault */
export function readChunk(frame: Buffer): { readonly id: number; readonly bytes: Buffer } {
  if (frame.length <= CHUNK_HEADER_BYTES) throw new FrameFault(CLOSE_MISFIT, "A binary frame is too short.");
  const id = frame.readBigUInt64BE();
  if (id > BigInt(Number.MAX_SAFE_INTEGER))
    throw new FrameFault(CLOSE_MISFIT, "A binary frame answers no question.");
  return { id: Number(id), bytes: frame.subarray(CHUNK_HEADER_BYTES) };
}
