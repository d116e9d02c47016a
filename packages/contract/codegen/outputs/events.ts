import type { EventFile } from '../load-package.ts';
import { header, toVariable, type CoreModule } from './source.ts';

/** Prints the list of all events. */
export function printEvents(events: readonly EventFile[], core: CoreModule): string {
  const imports = events.map(
    ({ baseName }) => `import ${toVariable(baseName)} from './events/${baseName}.ts';`,
  );
  return `${header}import type { EventDefinition } from '${core('define-event')}';
${imports.join('\n')}

/** Every event of this package, by name. */
export const events: readonly EventDefinition[] = [
${events.map(({ baseName }) => `${toVariable(baseName)},`).join('\n')}
];
`;
}
