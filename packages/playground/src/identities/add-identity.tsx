import { useState } from 'react';

import { type Role, roles, type User } from './identity.ts';
import { newId } from './use-identities.ts';

/** A form for one more who is connected. */
export function AddIdentity({ onAdd }: { onAdd(user: User): void }) {
  const [name, setName] = useState('Sue');
  const [role, setRole] = useState<Role>('supervisor');
  const [token, setToken] = useState('');
  return (
    <details className="add">
      <summary>Add an identity</summary>
      <form
        aria-label="Add an identity"
        onSubmit={(submit) => {
          submit.preventDefault();
          onAdd({ id: newId(name), name, role, ...(token && { token }) });
        }}
      >
        <label>
          Name
          <input
            required
            maxLength={200}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <label>
          Role
          <select
            value={role}
            onChange={({ target }) => setRole(roles.find((each) => each === target.value) ?? role)}
          >
            {roles.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label>
          Token
          <input
            placeholder="made by the server in development"
            value={token}
            onChange={({ target }) => setToken(target.value.trim())}
          />
        </label>
        <button type="submit">Add</button>
      </form>
    </details>
  );
}
