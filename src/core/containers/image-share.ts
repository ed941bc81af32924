/**
 * How the room that a machine has for images is shared: what one account's nodes ask for takes others neither their room nor their images. Pure.
 * Ours: engines know no accounts.
 */

/** An image that lies on the machine. */
export interface KeptImage {
  readonly id: string;
  readonly bytes: number;
  /** Whose nodes have asked for it. It counts as each one's. */
  readonly accounts: readonly string[];
  /** When it was asked for last. Milliseconds. */
  readonly usedAt: number;
  /** It can be pulled again, and no node stands on it. */
  readonly canGo: boolean;
}

/** Of the room, for one account; so a quarter is the others', whoever came first. */
const ACCOUNT_SHARE = 3 / 4;
/** Images of one account: each is looked at when one is looked for. */
const IMAGES_OF_ACCOUNT_MAX = 256;

/**
 * What one account's images may still take, in bytes; less than nothing where they have more than their share.
 * @param left bytes that the machine has for images beside those that are there
 */
export function imageAllowance(images: readonly KeptImage[], left: number, account: string): number {
  const own = images.filter(({ accounts }) => accounts.includes(account));
  if (own.length >= IMAGES_OF_ACCOUNT_MAX) return Number.NEGATIVE_INFINITY;
  return (bytesOf(images) + Math.max(0, left)) * ACCOUNT_SHARE - bytesOf(own);
}

/**
 * Which image makes room for another one: of those that can go, one of whoever has the most, which was asked for longest ago. What somebody
 * with less has asked for as well counts as theirs.
 * @param account whose alone it is to be; undefined for anybody's
 */
export function imageToGo(images: readonly KeptImage[], account?: string): string | undefined {
  const taken = new Map<string, number>();
  for (const { accounts, bytes } of images)
    for (const each of accounts) taken.set(each, (taken.get(each) ?? 0) + bytes);
  // What nobody is known to have asked for is missed least.
  const least = ({ accounts }: KeptImage) =>
    Math.min(Number.MAX_VALUE, ...accounts.map((each) => taken.get(each) ?? 0));
  const isOwn = ({ accounts }: KeptImage) =>
    account === undefined || (accounts.length === 1 && accounts[0] === account);
  return images
    .filter((image) => image.canGo && isOwn(image))
    .sort((one, other) => least(other) - least(one) || one.usedAt - other.usedAt)[0]?.id;
}

function bytesOf(images: readonly KeptImage[]): number {
  return images.reduce((sum, { bytes }) => sum + bytes, 0);
}
