import type { EventFile, SourceFile } from '../load-package.ts';
import { header, toVariable } from './source.ts';

/** Where the list of handlers finds what it is held against: the core's own beside it, or a package's flat types. */
export type HandlersType = 'core' | { sendEvents: string };

/** Prints the list of all handlers; an event without one does not compile. */
export function printHandlers(
  events: readonly EventFile[],
  handlers: readonly SourceFile[],
  type: HandlersType,
): string {
  const handled = events.filter((event) =>
    handlers.some(({ baseName }) => baseName === event.baseName),
  );
  const imports = handled.map(
    ({ baseName }) => `import ${toVariable(baseName)} from './handlers/${baseName}.ts';`,
  );
  const [typeImports, satisfied] =
    type === 'core'
      ? [`import type { Handlers } from './define-handler.ts';`, 'Handlers']
      : [
          `import type { HandlersOf } from '@parley/server';\nimport type { SendEvents } from '${type.sendEvents}';`,
          'HandlersOf<SendEvents>',
        ];
  return `${header}${typeImports}
${imports.join('\n')}

/** The handler of every event that can be sent. */
export const handlers = {
${handled.map(({ baseName, event }) => `${JSON.stringify(event.name)}: ${toVariable(baseName)},`).join('\n')}
} satisfies ${satisfied};
`;
}
