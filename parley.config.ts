import type { ParleyConfig } from './packages/contract/codegen/index.ts';

export default {
  packages: [{ contract: 'packages/contract/src', handlers: 'packages/server/src' }],
} satisfies ParleyConfig;
