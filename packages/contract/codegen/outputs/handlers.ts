import type { EventFile, SourceFile } from '../load-package.ts';
import { header, toVariable } from './source.ts';

/** Prints the list of all handlers; an event without one does not compile. */
export function printHandlers(
  events: readonly EventFile[],
  handlers: readonly SourceFile[],
): string {
  const handled = events.filter((event) =>
    handlers.some(({ baseName }) => baseName === event.baseName),
  );
  const imports = handled.map(
    ({ baseName }) => `import ${toVariable(baseName)} from './handlers/${baseName}.ts';`,
  );
  return `${header}import type { Handlers } from './define-handler.ts';
${imports.join('\n')}

/** The handler of every event that can be sent. */
export const handlers = {
${handled.map(({ baseName, event }) => `${JSON.stringify(event.name)}: ${toVariable(baseName)},`).join('\n')}
} satisfies Handlers;
`;
}
