type Asked<I, O> = { input: I; answer: (output: O) => void; fail: (error: unknown) => void };

/**
 * Makes one call of several: what is asked at the same moment, and what is asked while a call is under way, goes into the
 * next call together, at most `most` at once. Whoever is alone waits for nobody. `run` answers in the order of its inputs;
 * what it throws, all of that call get. A call begins after it was asked for, so it never answers from before.
 */
export function together<I, O>(
  run: (inputs: readonly I[]) => Promise<readonly O[]>,
  { most = 256 }: { most?: number } = {},
): (input: I) => Promise<O> {
  const waiting: Asked<I, O>[] = [];
  let isUnderWay = false;

  async function serve(): Promise<void> {
    while (waiting.length > 0) {
      const asked = waiting.splice(0, most);
      try {
        const outputs = await run(asked.map(({ input }) => input));
        if (outputs.length !== asked.length) throw new Error(`${asked.length} were asked, ${outputs.length} answered`);
        for (const [index, { answer }] of asked.entries()) answer(outputs[index] as O);
      } catch (error) {
        for (const { fail } of asked) fail(error);
      }
    }
    isUnderWay = false;
  }

  return (input) =>
    new Promise((answer, fail) => {
      waiting.push({ input, answer, fail });
      if (isUnderWay) return;
      isUnderWay = true;
      setImmediate(() => void serve());
    });
}
