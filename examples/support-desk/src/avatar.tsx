/** The first letter of a name, in the colour of the side. */
export function Avatar({ name, side }: { name: string; side: 'customer' | 'agent' }) {
  return (
    <span className={`avatar ${side}`} aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
  );
}
