import type { EventFile } from '../load-package.ts';
import { header, toVariable, type CoreModule } from './source.ts';

/** Prints the proof that the flat types are what zod infers; where they are not, the compiler names the event. */
export function printTypeProofs(events: readonly EventFile[], core: CoreModule): string {
  const imports = events.map(
    ({ baseName }) => `import type ${toVariable(baseName)} from './events/${baseName}.ts';`,
  );
  const proofs = events.map(
    ({ baseName, event: { name } }) =>
      `${JSON.stringify(name)}: Holds<SameEvent<SendEvents, ListenEvents, typeof ${toVariable(baseName)}>>;`,
  );
  return `${header}import type { commonErrors } from '${core('errors')}';
${imports.join('\n')}
import type { Holds, InferredErrors, Same, SameEvent } from '${core('flat-types')}';
import type { ListenEventName, SendEventName } from './names.gen.ts';
import type { CommonErrors, ListenEvents, SendEvents } from './types.gen.ts';

export interface EventProofs {
${proofs.join('\n')}
}

type EventName = keyof SendEvents | keyof ListenEvents;
type CommonError = (typeof commonErrors)[keyof typeof commonErrors];

export type ListProofs = [
Holds<Same<'an event is missing: run parley generate', EventName, keyof EventProofs>>,
Holds<Same<'sendEventNames is stale: run parley generate', SendEventName, keyof SendEvents>>,
Holds<Same<'listenEventNames is stale: run parley generate', ListenEventName, keyof ListenEvents>>,
Holds<Same<'CommonErrors is stale: run parley generate', CommonErrors, InferredErrors<CommonError>>>,
];
`;
}
