// Waiting that leaves nothing behind: a timer that nobody needs any more would keep a program from its end.

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, Math.max(milliseconds, 0)));
}

/** What becomes of some work within so many milliseconds; nothing if it takes longer. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((give) => {
    timer = setTimeout(give, Math.max(milliseconds, 0), undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
