const counts = { newcomer: 500, ci: 5000, long: 100_000 };

/** How many sequences are played: `PARLEY_PROFILE` says so, or `CI`. */
export function sequenceCount(): number {
  const { PARLEY_PROFILE: asked, CI } = process.env;
  const profile = asked ?? (CI ? 'ci' : 'newcomer');
  if (profile === 'newcomer' || profile === 'ci' || profile === 'long') return counts[profile];
  throw new Error(`There is no profile ${profile}. Use ${Object.keys(counts).join(', ')}.`);
}

/** The seed to begin with: the same for everybody, so that a failure is of the change at hand; a long run takes a new one. */
export function firstSeed(): number {
  const { PARLEY_SEED: asked, PARLEY_PROFILE: profile } = process.env;
  if (asked) return Number(asked);
  return profile === 'long' ? Math.floor(Math.random() * 2 ** 31) : 1;
}
