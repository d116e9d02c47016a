const names = ['newcomer', 'ci', 'long'] as const;

export type Profile = (typeof names)[number];

/** How much is tried: `PARLEY_PROFILE` says so, or `CI`. */
export function profile(): Profile {
  const { PARLEY_PROFILE: asked, CI } = process.env;
  const wanted = asked ?? (CI ? 'ci' : 'newcomer');
  const found = names.find((name) => name === wanted);
  if (found) return found;
  throw new Error(`There is no profile ${wanted}. Use ${names.join(', ')}.`);
}

/** The same for everybody, so that a failure is of the change at hand; a long run takes a new one. */
export function firstSeed(): number {
  const { PARLEY_SEED: asked } = process.env;
  if (asked) return Number(asked);
  return profile() === 'long' ? Math.floor(Math.random() * 2 ** 31) : 1;
}
