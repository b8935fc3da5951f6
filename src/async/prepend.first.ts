/** Yields all items of a generator whose first step was already requested. */
export async function* prependFirst<T>(first: Promise<IteratorResult<T>>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    const { done, value } = await first;
    if (done !== true) yield value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
