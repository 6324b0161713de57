// Waiting for a guard on a machine that may be busy.

/**
 * A guard waits two seconds for its issuer and answers 503, which is no fault where the machine was busy: who was told so
 * after that time asks again. A 503 before it is final.
 */
export async function patient(ask) {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    const waited = performance.now() - began;
    if (answer.status !== 503 || waited < PATIENCE || waited > LIMIT) {
      return answer;
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

/** A little less than that of a guard, which begins to wait later. */
const PATIENCE = 1_900;
const LIMIT = 60_000;
