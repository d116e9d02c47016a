import { useId, useState } from 'react';

import { rooms } from '../rooms.ts';

export interface StartFormProps {
  /** Who it was the last time. */
  name: string;
  busy: boolean;
  /** The question may be empty. */
  onStart(name: string, room: string, question: string): void;
}

export function StartForm({ name: lastName, busy, onStart }: StartFormProps) {
  const [name, setName] = useState(lastName);
  const [room, setRoom] = useState<string>(rooms[0]);
  const [question, setQuestion] = useState('');
  const id = useId();

  return (
    <form
      className="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        onStart(name.trim(), room, question.trim());
      }}
    >
      <h3>How can we help?</h3>
      <p className="quiet">Whoever is free in the room will answer.</p>
      <label htmlFor={`${id}-name`}>Your name</label>
      <input
        id={`${id}-name`}
        value={name}
        required
        pattern=".*\S.*"
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <label htmlFor={`${id}-room`}>Room</label>
      <select id={`${id}-room`} value={room} onChange={(event) => setRoom(event.target.value)}>
        {rooms.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <label htmlFor={`${id}-question`}>
        Your question <small>(optional)</small>
      </label>
      <textarea
        id={`${id}-question`}
        rows={2}
        value={question}
        maxLength={8192}
        onChange={(event) => setQuestion(event.target.value)}
      />
      <button type="submit" className="main" disabled={busy}>
        Start chat
      </button>
    </form>
  );
}
