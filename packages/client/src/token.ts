/** What a client reads in a token, as the claims of a JWT. */
export interface TokenClaims {
  /** Whom it names. */
  sub?: unknown;
  /** When it ends, in seconds since 1970. */
  exp?: unknown;
}

/** The claims of a JWT; none of anything else. */
export function claimsOf(token: string): TokenClaims {
  try {
    const [, claims = ''] = token.split('.');
    const text = atob(claims.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return Object(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return {};
  }
}

/** Whom a token names. */
export function subjectOf(token: string): string | undefined {
  const { sub } = claimsOf(token);
  return typeof sub === 'string' ? sub : undefined;
}
