/** The checksum of Azure Storage: CRC-64 with the reflected polynomial 0x9A6C9329AC4BC9B5, all ones at the start and at the end (known as CRC-64/NVME). Pure. */

const POLYNOMIAL = 0x9a6c9329ac4bc9b5n;

/** Halves of the table, for numbers of 64 bits are slow. */
const LOW = new Int32Array(256);
const HIGH = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ POLYNOMIAL : value >> 1n;
  LOW[byte] = Number(BigInt.asIntN(32, value));
  HIGH[byte] = Number(BigInt.asIntN(32, value >> 32n));
}

export class Crc64 {
  #low = -1;
  #high = -1;

  update(bytes: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    for (let at = 0; at < bytes.length; at++) {
      const index = (low ^ (bytes[at] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (LOW[index] as number);
      high = (high >>> 8) ^ (HIGH[index] as number);
    }
    this.#low = low;
    this.#high = high;
  }

  /** Eight bytes, the lowest first, as headers and structured bodies carry them. */
  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32LE(~this.#low, 0);
    bytes.writeInt32LE(~this.#high, 4);
    return bytes;
  }
}
