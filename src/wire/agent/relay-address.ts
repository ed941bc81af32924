/**
 * From which of the machine's loopback addresses an agent passes on what a node's tasks say to the service. It tells whoever reads
 * the audit log where a connection came from; it proves nothing, for any program of the machine can speak from there.
 */

/** 127.128.0.0 and what follows. */
const FIRST_BYTE = 127;
const SECOND_BYTE = 128;
const KEY_MAX = 0x7f_ff_ff - 1;

/** Undefined for a node that has no address of its own left. */
export function relayAddress(nodeKey: string): string | undefined {
  const key = /^\d{1,9}$/.test(nodeKey) ? Number(nodeKey) : Number.NaN;
  if (!(key <= KEY_MAX)) return undefined;
  return [FIRST_BYTE, SECOND_BYTE + (key >> 16), (key >> 8) & 0xff, key & 0xff].join(".");
}

/** Undefined for any other address. */
export function relayedNodeKey(address: string): string | undefined {
  const bytes = address
    .replace(/^::ffff:/, "")
    .split(".")
    .map(Number);
  const [first, second = 0, third = 0, last = 0] = bytes;
  if (bytes.length !== 4 || first !== FIRST_BYTE || second < SECOND_BYTE) return undefined;
  return String(((second - SECOND_BYTE) << 16) | (third << 8) | last);
}
