import type { Role } from '@parley/contract';
import type { Session } from '@parley/server';

import type { Model } from './model.ts';
import { session, type World } from './world.ts';

export interface Person {
  id: string;
  role: Role;
  tier?: number;
}

export interface Cast {
  agents: readonly Person[];
  customers: readonly Person[];
  /** A back end; it needs no connection. */
  service: Person;
}

/** The most connections, such as browser tabs, of one person. */
const mostTabs = 2;

/** Who takes part in a sequence, and their connections. */
export class People {
  readonly agents: readonly Person[];
  readonly customers: readonly Person[];
  readonly service: Person;
  readonly #world: World;
  readonly #model: Model;

  constructor(world: World, model: Model, { agents, customers, service }: Cast) {
    this.#world = world;
    this.#model = model;
    this.agents = agents;
    this.customers = customers;
    this.service = service;
  }

  get all(): readonly Person[] {
    return [...this.agents, ...this.customers];
  }

  /** The connection that a person sends on; one who has none connects first. */
  sessionOf(person: Person): Session {
    if (person.role !== 'service' && !this.#model.isOnline(person.id)) this.connect(person);
    return this.#session(person, 1);
  }

  connect(person: Person): void {
    const count = this.#model.connections(person.id);
    if (count === mostTabs) return;
    this.#set(person, count + 1);
    this.#world.connect(this.#session(person, count + 1));
  }

  disconnect(person: Person): void {
    const count = this.#model.connections(person.id);
    if (count === 0) return;
    this.#set(person, count - 1);
    this.#world.disconnect(this.#session(person, count));
  }

  crash(person: Person): void {
    while (this.#model.isOnline(person.id)) this.disconnect(person);
  }

  /** The server has stopped: nobody is connected any more, and time counts from its start. */
  lose(): void {
    for (const person of this.all) this.#set(person, 0);
  }

  /** One of the connections of a person, who may have several tabs; no two connections have the same number. */
  #session(person: Person, tab: number): Session {
    const { id, role, tier } = person;
    return session(id, role, this.all.indexOf(person) * mostTabs + tab, tier);
  }

  #set(person: Person, count: number) {
    this.#model.setConnections(person.id, count, this.#world.environment.now());
  }
}
