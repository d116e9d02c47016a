import type { StartOptions } from '../servers.ts';
import { serveParley } from './serve-parley.ts';

const outOfReach = 1_000_000;

/** Parley as it is deployed, but for what a load generator on a busy machine would reach: that is counted as usual, and refuses nobody. */
const limits = {
  callsPerFrame: outOfReach,
  inFlight: outOfReach,
  framesPerSecond: outOfReach,
  framesBurst: outOfReach,
  sendsPerSecond: outOfReach,
  sendsBurst: outOfReach,
  agentSendsPerSecond: outOfReach,
  agentSendsBurst: outOfReach,
  acceptsPerSecond: outOfReach,
  unauthenticatedPerAddress: outOfReach,
  connectionsPerUser: outOfReach,
  shedLagMs: outOfReach,
  shedQueue: outOfReach,
};

export default function start({ directory }: StartOptions) {
  return serveParley(directory, limits);
}
