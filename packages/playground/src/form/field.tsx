import { useId, useState } from 'react';

import { branchesOf, type Resolve, type Schema } from '../contract/schema.ts';

interface FieldProps {
  name: string;
  schema: Schema;
  resolve: Resolve;
  value: unknown;
  onChange(value: unknown): void;
  /** Takes the field out of what is sent; for one that may be left out. */
  onRemove?: (() => void) | undefined;
}

/** A field of a form, made from its schema. */
export function Field({ name, schema, resolve, value, onChange, onRemove }: FieldProps) {
  const id = useId();
  const { description } = schema;
  return (
    <div className="field">
      <label htmlFor={id}>
        {name}
        {onRemove === undefined && <small>required</small>}
      </label>
      <div className="control">
        <Control {...{ id, schema, resolve, value, onChange }} />
        {onRemove && (
          <button
            type="button"
            className="quiet"
            aria-label={`Leave out ${name}`}
            onClick={onRemove}
          >
            ×
          </button>
        )}
      </div>
      {description !== undefined && (
        <small className="description">{description.replaceAll('`', '')}</small>
      )}
    </div>
  );
}

type ControlProps = Pick<FieldProps, 'schema' | 'resolve' | 'value' | 'onChange'> & { id: string };

function Control({ id, schema, resolve, value, onChange }: ControlProps) {
  const branches = branchesOf(schema, resolve);
  const choices = branches.flatMap((each) => each.enum ?? []);
  if (choices.length > 0) {
    return (
      <select id={id} value={String(value)} onChange={({ target }) => onChange(target.value)}>
        {choices.map((choice) => (
          <option key={String(choice)}>{String(choice)}</option>
        ))}
      </select>
    );
  }
  if (typeof value === 'boolean') {
    return (
      <input
        id={id}
        type="checkbox"
        checked={value}
        onChange={({ target }) => onChange(target.checked)}
      />
    );
  }
  if (typeof value === 'number') {
    const [{ minimum, maximum } = {}] = branches;
    return (
      <input
        id={id}
        type="number"
        min={minimum}
        max={maximum}
        value={Number.isNaN(value) ? '' : value}
        onChange={({ target }) => onChange(target.valueAsNumber)}
      />
    );
  }
  if (typeof value === 'string') {
    return <input id={id} value={value} onChange={({ target }) => onChange(target.value)} />;
  }
  return <JsonControl id={id} value={value} onChange={onChange} />;
}

/** What has parts is written as JSON; what is none cannot be sent. */
function JsonControl({ id, value, onChange }: Pick<ControlProps, 'id' | 'value' | 'onChange'>) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  return (
    <textarea
      id={id}
      rows={Math.min(text.split('\n').length, 10)}
      spellCheck={false}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        try {
          onChange(JSON.parse(target.value));
          target.setCustomValidity('');
        } catch {
          target.setCustomValidity('This is not JSON. Close its brackets and quotes.');
        }
      }}
    />
  );
}

/** What a field holds at first that the example leaves out. */
export function blankOf(schema: Schema, resolve: Resolve): unknown {
  const [first = {}] = branchesOf(schema, resolve);
  if (first.enum) return first.enum[0];
  if (first.type === 'boolean') return true;
  if (first.type === 'integer' || first.type === 'number') return first.minimum ?? 0;
  if (first.type === 'array') return [];
  if (first.type === 'object') return {};
  return first.format === 'date-time' ? new Date().toISOString() : '';
}
