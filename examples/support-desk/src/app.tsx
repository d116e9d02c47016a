import { useReducer } from 'react';

import { Agent } from './agent/agent.tsx';
import { Customer } from './customer/customer.tsx';
import { EventStream } from './events/event-stream.tsx';
import { changeStream } from './stream.ts';

export function App() {
  const [stream, record] = useReducer(changeStream, []);
  return (
    <>
      <header className="masthead">
        <Logo />
        <div>
          <h1>Parley</h1>
          <p>A typed real-time event layer for live chat</p>
        </div>
      </header>
      <main>
        <p className="lead">
          Be the customer on one side and the agent on the other. The two share nothing but the
          server; whatever they send and hear is listed below.
        </p>
        <div className="sides">
          <Customer record={record} />
          <Agent record={record} />
        </div>
        <EventStream stream={stream} onClear={() => record({ kind: 'clear' })} />
      </main>
    </>
  );
}

function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path
        className="customer"
        d="M5 4h14a4 4 0 0 1 4 4v5a4 4 0 0 1-4 4h-7l-5 4v-4.3A4 4 0 0 1 1 13V8a4 4 0 0 1 4-4z"
      />
      <path
        className="agent"
        d="M14 19h6a5 5 0 0 0 5-5v-3h2a4 4 0 0 1 4 4v6a4 4 0 0 1-3 3.9V29l-5-4h-5a4 4 0 0 1-4-4z"
      />
    </svg>
  );
}
