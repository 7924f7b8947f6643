/** How benchmarks print: a line a result for people, or a JSON line with `--json`. */

const isJson = process.argv.includes('--json');

/** The middle of an odd number of measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('There is no median of nothing.');
  return middle;
}

/** Prints one result. */
export function report(text: string, result: Record<string, unknown>): void {
  console.log(isJson ? JSON.stringify(result) : text);
}

/** Says what is going on, to people only. */
export function progress(text: string): void {
  if (!isJson) console.error(text);
}

/**
 * Says whether a target is met and has the process fail when it is not.
 * @returns `ok` or `MISSED`.
 */
export function verdict(value: number, limit: number): string {
  if (value <= limit) return 'ok';
  process.exitCode = 1;
  return 'MISSED';
}
