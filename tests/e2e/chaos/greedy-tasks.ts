/** Command lines of tasks that take all they can get. Perl is part of every Debian. */

/**
 * Makes processes that stay, until there can be no more, and prints how many it has made. It then ends, and they with it.
 * @param each what each of them does first, in Perl
 */
export function forks(each: string): string {
  const loop = `while ($n < 20000 && defined(my $p = fork)) { if (!$p) { ${each}; sleep 600; exit } $n++ }`;
  return `perl -e '${loop} print $n'`;
}

/** Takes and touches so many mebibytes. */
export function hoard(mebibytes: number): string {
  return `perl -e '$m = "x" x (${mebibytes} << 20); print length $m'`;
}
