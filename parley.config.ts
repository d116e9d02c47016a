import type { ParleyConfig } from './packages/contract/codegen/index.ts';

export default {
  packages: [
    {
      contract: 'packages/contract/src',
      handlers: 'packages/server/src',
      reference: 'docs/events.gen.md',
      tests: 'test/events',
      resending: 'packages/client/src',
    },
    {
      contract: 'examples/surveys/contract',
      handlers: 'examples/surveys/server',
      server: 'examples/surveys/server/index.ts',
    },
  ],
} satisfies ParleyConfig;
