import type { JsonObject, SendHalf } from '../contract/contract.ts';
import type { Resolve } from '../contract/schema.ts';
import { blankOf, Field } from './field.tsx';

interface DataFormProps {
  send: SendHalf;
  resolve: Resolve;
  data: JsonObject;
  onChange(data: JsonObject): void;
}

/** The fields of an event's data. What may be left out is added by a button. */
export function DataForm({ send, resolve, data, onChange }: DataFormProps) {
  const { properties = {}, required = [] } = send.data;
  const without = (name: string) =>
    Object.fromEntries(Object.entries(data).filter(([key]) => key !== name));
  const fields = Object.entries(properties);
  const leftOut = fields.filter(([name]) => !Object.hasOwn(data, name));
  return (
    <>
      {fields
        .filter(([name]) => Object.hasOwn(data, name))
        .map(([name, schema]) => (
          <Field
            key={name}
            name={name}
            schema={schema}
            resolve={resolve}
            value={data[name]}
            onChange={(value) => onChange({ ...data, [name]: value })}
            onRemove={required.includes(name) ? undefined : () => onChange(without(name))}
          />
        ))}
      {fields.length === 0 && <p className="empty">This event takes no data.</p>}
      {leftOut.length > 0 && (
        <div className="left-out">
          {leftOut.map(([name, schema]) => (
            <button
              key={name}
              type="button"
              title={schema.description}
              onClick={() => onChange({ ...data, [name]: blankOf(schema, resolve) })}
            >
              + {name}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
