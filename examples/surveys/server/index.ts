import type { Extension } from '@parley/server';

import asyncApi from '../contract/asyncapi.gen.json' with { type: 'json' };
import { events } from '../contract/events.gen.ts';
import followUp from './algorithms/follow-up.ts';
import { handlers } from './handlers.gen.ts';

/** What a server has to be given to serve surveys beside the core. */
export default {
  events,
  handlers: Object.values(handlers),
  algorithms: [followUp],
  documents: [asyncApi],
} satisfies Extension;
