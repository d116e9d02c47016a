import { explain } from './explain.ts';

/** What went wrong, as one line with its code. */
export function Failure({ of: error }: { of: unknown }) {
  if (error === undefined) return null;
  const { code, message } = explain(error);
  return (
    <p className="failure" role="alert">
      <code>{code}</code> {message}
    </p>
  );
}
