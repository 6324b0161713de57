// How often a core is asked for a decision.

/** Counts from now on; gives what reads the count. */
export function countQuestions(Gate) {
  let count = 0;
  for (const name of ["begin", "begin_remembered"]) {
    const original = Gate.prototype[name];
    Gate.prototype[name] = function (...given) {
      count += 1;
      return original.apply(this, given);
    };
  }
  return () => count;
}
