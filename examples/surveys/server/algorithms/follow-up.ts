import { defineAlgorithm } from '@parley/server';

/** Who comes back from a survey gets somebody of the highest tier; everybody else whoever has waited longest. */
export default defineAlgorithm('surveys.follow-up', {
  pick([longestIdle, ...others], { chat }) {
    if (chat.source !== 'survey') return longestIdle;
    return others.reduce((best, agent) => (agent.tier > best.tier ? agent : best), longestIdle);
  },
});
