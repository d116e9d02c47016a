import { header, type CoreModule } from './source.ts';

/** Prints the type of the tRPC router. */
export function printRouter(core: CoreModule): string {
  return `${header}import type { EventRouterOf } from '${core('router')}';
import type { ListenEvents, SendEvents } from './types.gen.ts';

/** The tRPC router that serves these events. */
export type EventRouter = EventRouterOf<SendEvents, ListenEvents>;
`;
}
