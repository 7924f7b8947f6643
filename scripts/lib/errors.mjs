// How the scripts end when something is wrong that is not a defect of theirs.

/** A failure whose message says all there is to say: it is printed without a stack. */
export class ScriptError extends Error {}

/**
 * Runs a script's main function. A ScriptError is printed as one message and ends the process with
 * code 1; anything else is a defect and keeps its stack.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
