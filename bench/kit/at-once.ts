/** Does this for each, with so many under way at the same time, and gives the outcomes in order. */
export async function atOnce<Each, Outcome>(
  limit: number,
  all: readonly Each[],
  work: (each: Each) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const rest = all.entries();
  async function worker() {
    for (const [index, each] of rest) outcomes[index] = await work(each);
  }
  await Promise.all(Array.from({ length: limit }, worker));
  return outcomes;
}
