/** The physical limit of token issuing: RSA-2048 signatures per second of one core, as openssl itself counts them. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Per second of CPU time, not of the clock: `openssl speed` measures so unless told otherwise. */
export async function rsa2048SignaturesPerCpuSecond(seconds: number): Promise<number> {
  const { stdout } = await promisify(execFile)("openssl", ["speed", "-seconds", String(seconds), "rsa2048"]);
  // rsa 2048 bits 0.000450s 0.000013s   2222.0  76923.0
  const rate = /^rsa\s+2048 bits\s+\S+s\s+\S+s\s+([\d.]+)/m.exec(stdout)?.[1];
  if (rate === undefined) throw new Error(`openssl speed printed no rate:\n${stdout}`);
  return Number(rate);
}
