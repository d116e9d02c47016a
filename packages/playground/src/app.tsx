import { useEffect, useState } from 'react';

import { type Contract, fetchContract } from './contract/contract.ts';
import { Playground } from './playground.tsx';

export function App() {
  const [contract, setContract] = useState<Contract>();
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    fetchContract().then(setContract, (error: unknown) => setFailure(String(error)));
  }, []);
  return (
    <>
      <header className="masthead">
        <Logo />
        <h1>Playground</h1>
        <p>{contract && `${contract.title} · ${contract.events.length} events`}</p>
        <nav>
          <a href="/">Support desk</a>
          <a href="/asyncapi.json">AsyncAPI</a>
        </nav>
      </header>
      {failure !== undefined && <p className="failure">{failure}</p>}
      {contract && <Playground contract={contract} />}
    </>
  );
}

function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M5 4h14a4 4 0 0 1 4 4v5a4 4 0 0 1-4 4h-7l-5 4v-4.3A4 4 0 0 1 1 13V8a4 4 0 0 1 4-4z" />
      <path d="M14 19h6a5 5 0 0 0 5-5v-3h2a4 4 0 0 1 4 4v6a4 4 0 0 1-3 3.9V29l-5-4h-5a4 4 0 0 1-4-4z" />
    </svg>
  );
}
