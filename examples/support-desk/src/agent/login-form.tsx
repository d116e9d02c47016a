import { useId, useState } from 'react';

import { rooms } from '../rooms.ts';

export interface LoginFormProps {
  /** Who it was the last time. */
  name: string;
  busy: boolean;
  onLogIn(name: string, rooms: string[], capacity: number): void;
}

export function LoginForm({ name: lastName, busy, onLogIn }: LoginFormProps) {
  const [name, setName] = useState(lastName);
  const [chosen, setChosen] = useState<string[]>([...rooms]);
  const [capacity, setCapacity] = useState(3);
  const id = useId();

  const toggle = (room: string) =>
    setChosen(chosen.includes(room) ? chosen.filter((each) => each !== room) : [...chosen, room]);

  return (
    <form
      className="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        onLogIn(name.trim(), chosen, capacity);
      }}
    >
      <h3>Take your seat</h3>
      <p className="quiet">Customers of your rooms are offered to you, as many as you can take.</p>
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
      <fieldset>
        <legend>Rooms</legend>
        {rooms.map((room) => (
          <label key={room} className="choice">
            <input type="checkbox" checked={chosen.includes(room)} onChange={() => toggle(room)} />
            {room}
          </label>
        ))}
      </fieldset>
      <label htmlFor={`${id}-capacity`}>Chats at a time</label>
      <input
        id={`${id}-capacity`}
        type="number"
        min={1}
        max={100}
        value={capacity}
        onChange={(event) => setCapacity(event.target.valueAsNumber)}
      />
      <button type="submit" className="main" disabled={busy || chosen.length === 0}>
        Log in
      </button>
    </form>
  );
}
