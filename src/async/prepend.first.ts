/** Yields all items of a generator whose first step was already requested. */
export async function* prependFirst<T>(first: Promise<IteratorResult<T>>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    const step = await first;
    if (step.done !== true) yield step.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
