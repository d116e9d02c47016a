import type { AgentState } from '../chat/state.ts';

/** An agent as a simulation begins with. No languages means all. */
export type StaffMember = Pick<AgentState, 'id' | 'rooms' | 'langs' | 'capacity' | 'tier'>;

export interface StaffOptions {
  agents: number;
  capacity: number;
  rooms: readonly string[];
}

/** Made-up agents belong to three tiers in turn. */
const tiers = 3;

/** Agents who are logged in to all the rooms and speak every language. */
export function makeStaff({ agents, capacity, rooms }: StaffOptions): StaffMember[] {
  const digits = String(agents).length;
  return Array.from({ length: agents }, (_, index) => ({
    id: `agent-${String(index + 1).padStart(digits, '0')}`,
    rooms: [...rooms],
    langs: [],
    capacity,
    tier: index % tiers,
  }));
}

/** The agents at the beginning: all there, and none with anything to do. */
export function startingStaff(staff: readonly StaffMember[], now: number): AgentState[] {
  return staff.map((member) => ({
    ...member,
    status: 'available',
    misses: 0,
    lastInvitedAt: 0,
    lastClosedAt: 0,
    availableSince: now,
    load: 0,
    connected: true,
  }));
}
