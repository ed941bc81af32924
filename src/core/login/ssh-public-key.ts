/** Reads a public key as OpenSSH writes it: algorithm, base64, comment. Nothing else of a line of authorized_keys(5) is allowed. */

const ALGORITHMS =
  /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;

/** @returns algorithm and key without the comment; undefined for anything else */
export function sshPublicKeyRead(text: string): string | undefined {
  const [algorithm = "", encoded = "", ...comment] = text.trim().split(" ");
  if (!ALGORITHMS.test(algorithm) || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  // The comment is people's, but it ends with the line.
  if (comment.some((word) => /\p{Cc}/u.test(word))) return undefined;
  const key = Buffer.from(encoded, "base64");
  if (key.length < 4) return undefined;
  const end = 4 + key.readUInt32BE(0);
  const isItself = key.length > end && key.toString("latin1", 4, end) === algorithm;
  return isItself ? `${algorithm} ${encoded}` : undefined;
}
