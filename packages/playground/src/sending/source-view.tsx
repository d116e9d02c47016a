import { useState } from 'react';

import type { JsonObject } from '../contract/contract.ts';
import type { User } from '../identities/identity.ts';
import { socketUrl } from '../socket-url.ts';
import { writeCommand, writeTypeScript } from './source.ts';

interface SourceViewProps {
  name: string;
  /** With dates where they are dates. */
  data: JsonObject;
  /** As JSON has it. */
  json: JsonObject;
  user: User;
}

/** The send as a program and as a command, to copy. */
export function SourceView({ name, data, json, user }: SourceViewProps) {
  const [language, setLanguage] = useState<'TypeScript' | 'Shell'>('TypeScript');
  const [copied, setCopied] = useState<string>();
  const url = socketUrl(location);
  const source =
    language === 'TypeScript'
      ? writeTypeScript(url, name, data)
      : writeCommand(url, name, json, user);
  return (
    <section className="source" aria-label="Code">
      <div className="tabs">
        {(['TypeScript', 'Shell'] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === language}
            onClick={() => setLanguage(each)}
          >
            {each}
          </button>
        ))}
        <button
          type="button"
          className="copy"
          onClick={() => {
            void navigator.clipboard.writeText(source).then(() => setCopied(source));
          }}
        >
          {copied === source ? 'Copied' : 'Copy'}
        </button>
      </div>
      <pre>
        <code>{source}</code>
      </pre>
    </section>
  );
}
