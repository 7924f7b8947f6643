/** Ends what a suite has started, in reverse order, also when only part of it could be started. */
export class CleanUp {
  private readonly steps: (() => unknown)[] = [];

  /** Has `end` called with `thing` when the suite is over, and answers `thing`. */
  add<T>(thing: T, end: (thing: T) => unknown): T {
    this.steps.push(() => end(thing));
    return thing;
  }

  async run(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) await step();
  }
}
