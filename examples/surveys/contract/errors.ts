import { defineError } from '@parley/contract';

export const COMMENT_MISSING = defineError('surveys.COMMENT_MISSING', {
  message: 'So few stars need a comment. Say what went wrong.',
});
