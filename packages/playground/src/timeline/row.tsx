import { type ReactNode, useState } from 'react';

/** A line that opens; what is in it is made only then. */
export function Row({ line, content }: { line: ReactNode; content(): ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{line}</summary>
      {isOpen && content()}
    </details>
  );
}
