import type { ParleyConfig } from './packages/contract/codegen/index.ts';

export default {
  packages: [
    {
      contract: 'packages/contract/src',
      handlers: 'packages/server/src',
      reference: 'docs/events.gen.md',
    },
  ],
} satisfies ParleyConfig;
