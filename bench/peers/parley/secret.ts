/** Both processes sign and check tokens with it. */
export const secret = 'a secret for benchmarks that is long enough';
